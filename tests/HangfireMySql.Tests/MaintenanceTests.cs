using System.Collections.Concurrent;
using Hangfire.MySql.Engine;
using Hangfire.States;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class MaintenanceTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    [Fact, Trait("Item", "112")]
    public void Only_what_has_expired_goes_and_children_with_it()
    {
        string[] ids = [NewJob(), NewJob(), NewJob()];
        foreach (var id in ids)
        {
            Connection().SetJobParameter(id, "a", "1");
            Commit(transaction => transaction.SetJobState(id, new EnqueuedState()));
        }
        string[] kinds = ["expired", "future", "never"];
        foreach (var kind in kinds)
        {
            Commit(transaction =>
            {
                transaction.AddToSet(kind, "v");
                transaction.SetRangeInHash(kind, [new("f", "v")]);
                transaction.InsertToList(kind, "v");
            });
            Execute($"INSERT INTO `{Prefix}aggregated_counter` (`key`, value) VALUES ('{kind}', 1)");
        }
        foreach (var table in new[] { "set", "hash", "list", "aggregated_counter" })
            Execute(
                $"UPDATE `{Prefix}{table}` SET expire_at = UTC_TIMESTAMP(6) + INTERVAL IF(`key` = 'expired', -1, 1) HOUR WHERE `key` <> 'never'"
            );
        Execute(
            $"UPDATE `{Prefix}job` SET expire_at = CASE id WHEN {ids[0]} THEN UTC_TIMESTAMP(6) - INTERVAL 1 HOUR WHEN {ids[1]} THEN UTC_TIMESTAMP(6) + INTERVAL 1 HOUR END"
        );

        Expiration().Pass(CancellationToken.None).Should().Be(5);
        Query($"SELECT id FROM `{Prefix}job` ORDER BY id", row => $"{row.GetInt64(0)}").Should().Equal(ids[1..]);
        foreach (var table in new[] { "job_parameter", "state" })
            Query($"SELECT job_id FROM `{Prefix}{table}` ORDER BY job_id", row => $"{row.GetInt64(0)}").Should().Equal(ids[1..]);
        foreach (var table in new[] { "set", "hash", "list", "aggregated_counter" })
            Query($"SELECT `key` FROM `{Prefix}{table}` ORDER BY `key`", row => row.GetString(0)).Should().Equal("future", "never");
        Expiration().Pass(CancellationToken.None).Should().Be(0);
    }

    [Fact, Trait("Item", "113")]
    public async Task It_deletes_in_batches_stops_on_shutdown_and_leaves_it_to_another_server_that_is_at_it()
    {
        Configure(options => options.DeleteExpiredBatchSize = 10);
        Execute($"INSERT INTO `{Prefix}list` (`key`, value, expire_at) SELECT 'k', 'v', '2020-01-01' FROM {Digits("a")}, {Digits("b")}");
        using (var stop = new CancellationTokenSource())
        {
            stop.Cancel();
            Expiration().Pass(stop.Token).Should().Be(0);
            Count("list").Should().Be(100);
        }
        using (Connection().AcquireDistributedLock("expiration", TimeSpan.FromSeconds(1)))
            Expiration().Pass(CancellationToken.None).Should().BeNull();
        using (var row = new MySqlConnector.MySqlConnection(ConnectionString + ";Pooling=false"))
        {
            row.Open();
            using var hold = new MySqlConnector.MySqlCommand(
                $"START TRANSACTION; SELECT id FROM `{Prefix}list` ORDER BY id LIMIT 1 FOR UPDATE",
                row
            );
            hold.ExecuteNonQuery();
            Expiration().Pass(CancellationToken.None).Should().Be(99, "a row in use is passed over");
        }
        await Eventually.HoldsAsync(() => Expiration().Pass(CancellationToken.None) == 1, "the last is free");
    }

    [Fact, Trait("Item", "114")]
    public Task Workers_see_nothing_of_the_deletion_of_20000_jobs() => ExpireUnderLoad(20_000);

    [Fact, Trait("Item", "114"), Trait("Category", "Long")]
    public Task Workers_see_nothing_of_the_deletion_of_100000_jobs() => ExpireUnderLoad(100_000);

    [Fact, Trait("Item", "115")]
    public void Old_states_go_but_never_the_current_one()
    {
        Configure(options =>
        {
            options.InactiveStateExpirationTimeout = TimeSpan.FromDays(1);
            options.DeleteExpiredBatchSize = 2;
        });
        var (old, young) = (NewJob(expireIn: TimeSpan.FromDays(9)), NewJob(expireIn: TimeSpan.FromDays(9)));
        foreach (var id in new[] { old, young })
        {
            for (var i = 0; i < 3; i++)
                Commit(transaction => transaction.SetJobState(id, new EnqueuedState($"queue{i}")));
        }
        Execute($"UPDATE `{Prefix}state` SET created_at = UTC_TIMESTAMP(6) - INTERVAL 2 DAY WHERE job_id = {old}");
        Expiration().Pass(CancellationToken.None).Should().Be(2);
        Connection().GetStateData(old)!.Data["Queue"].Should().Be("queue2");
        Monitoring.JobDetails(old)!.History.Should().ContainSingle();
        Monitoring.JobDetails(young)!.History.Should().HaveCount(3);
    }

    [Fact, Trait("Item", "116")]
    public async Task No_count_is_lost_or_doubled_while_it_is_summed_up()
    {
        using var stop = new CancellationTokenSource();
        var other = NewStorage();
        var aggregator = new CountersAggregator(Storage.Database, Storage.Keeper);
        var second = new CountersAggregator(other.Database, other.Keeper);
        var sums = new[] { aggregator, second }
            .Select(one =>
                Task.Factory.StartNew(
                    () =>
                    {
                        while (!stop.IsCancellationRequested)
                            one.Pass(stop.Token);
                    },
                    TaskCreationOptions.LongRunning
                )
            )
            .ToArray();
        InParallel(
            20,
            number =>
            {
                for (var i = 0; i < 20; i++)
                    Commit(transaction =>
                    {
                        transaction.IncrementCounter("a");
                        transaction.IncrementCounter($"b{number % 3}", TimeSpan.FromDays(1 + (i % 2)));
                        transaction.DecrementCounter("c");
                    });
            }
        );
        var connection = Connection();
        connection.GetCounter("a").Should().Be(400, "also in between");
        await stop.CancelAsync();
        await Task.WhenAll(sums);
        using (Connection().AcquireDistributedLock("counters", TimeSpan.FromSeconds(5)))
            aggregator.Pass(CancellationToken.None).Should().BeNull("one server sums up at a time");
        aggregator.Pass(CancellationToken.None);
        Count("counter").Should().Be(0);
        connection.GetCounter("a").Should().Be(400);
        connection.GetCounter("c").Should().Be(-400);
        Enumerable.Range(0, 3).Sum(number => connection.GetCounter($"b{number}")).Should().Be(400);
        Count("aggregated_counter", "`key` LIKE 'b%' AND expire_at > UTC_TIMESTAMP() + INTERVAL 36 HOUR")
            .Should()
            .Be(3, "the latest end counts");
        Count("aggregated_counter", "expire_at IS NULL").Should().Be(2);
        Commit(transaction => transaction.IncrementCounter("a", TimeSpan.FromDays(1)));
        aggregator.Pass(CancellationToken.None);
        Count("aggregated_counter", "`key` = 'a' AND expire_at IS NULL").Should().Be(1, "never stays never");
    }

    private async Task ExpireUnderLoad(int jobs)
    {
        NewJob();
        Execute($"UPDATE `{Prefix}job` SET expire_at = '2020-01-01'");
        for (var rows = 1; rows < jobs; rows *= 2)
            Execute(
                $"INSERT INTO `{Prefix}job` (invocation_data, arguments, created_at, expire_at) SELECT invocation_data, arguments, created_at, expire_at FROM `{Prefix}job` LIMIT {Math.Min(rows, jobs - rows)}"
            );
        Execute(
            $"INSERT INTO `{Prefix}state` (job_id, name, created_at) SELECT id, 'Succeeded', created_at FROM `{Prefix}job`; INSERT INTO `{Prefix}job_parameter` SELECT id, 'a', 'b' FROM `{Prefix}job`"
        );
        var done = 0;
        var handled = new ConcurrentBag<string>();
        var deletion = Task.Factory.StartNew(
            () =>
            {
                Expiration().Pass(CancellationToken.None);
                Volatile.Write(ref done, 1);
            },
            TaskCreationOptions.LongRunning
        );
        InParallel(
            20,
            _ =>
            {
                do
                {
                    var id = Enqueued();
                    using var job = Fetch();
                    Commit(transaction =>
                    {
                        transaction.SetJobState(job.JobId, new SucceededState(null, 1, 1));
                        transaction.ExpireJob(job.JobId, TimeSpan.FromHours(1));
                        transaction.IncrementCounter("stats:succeeded");
                        transaction.RemoveFromQueue(job);
                    });
                    handled.Add(id);
                } while (Volatile.Read(ref done) == 0);
            }
        );
        await deletion;
        Count("job").Should().Be(handled.Count);
        Count("job_parameter").Should().Be(0);
        Count("state").Should().Be(handled.Count * 2);
    }

    private ExpirationManager Expiration() => new(Storage.Database, Storage.Keeper);

    private static string Digits(string name) =>
        $"(SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) {name}";
}

[Collection(OnMariaDb.Name)]
public sealed class MaintenanceOnMariaDb(MariaDbFixture fixture) : MaintenanceTests(fixture);

[Collection(OnMySql.Name)]
public sealed class MaintenanceOnMySql(MySqlFixture fixture) : MaintenanceTests(fixture);
