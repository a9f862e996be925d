using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Hangfire;
using Hangfire.MySql;
using Hangfire.MySql.Engine;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;
using HangfireMySql.Worker;
using MySqlConnector;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class QueueTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    [Fact, Trait("Item", "71"), Trait("Item", "72")]
    public void Fetching_needs_queues_and_a_token_that_is_not_cancelled()
    {
        var connection = Connection();
        connection
            .Invoking(c => c.FetchNextJob(null!, CancellationToken.None))
            .Should()
            .Throw<ArgumentNullException>()
            .WithParameterName("queues");
        connection
            .Invoking(c => c.FetchNextJob([], CancellationToken.None))
            .Should()
            .Throw<ArgumentNullException>()
            .WithParameterName("queues");
        Enqueued();
        connection.Invoking(c => c.FetchNextJob(["default"], new CancellationToken(true))).Should().Throw<OperationCanceledException>();
        Count("job_queue", "fetch_token IS NULL").Should().Be(1);
    }

    [Fact, Trait("Item", "73")]
    public void A_wait_without_jobs_ends_at_once_when_cancelled()
    {
        var connection = Connection();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();
        connection.Invoking(c => c.FetchNextJob(["default"], cancel.Token)).Should().Throw<OperationCanceledException>();
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(250)).And.BeLessThan(TimeSpan.FromSeconds(1.3));
    }

    [Fact, Trait("Item", "74"), Trait("Item", "75")]
    public void Queues_are_taken_by_name_and_jobs_in_their_order()
    {
        var (b1, a1, c1, b2, a2) = (Enqueued("b"), Enqueued("a"), Enqueued("c"), Enqueued("b"), Enqueued("a"));
        var first = Fetch("b", "a");
        first.JobId.Should().Be(a1);
        Query(
                $"SELECT job_id FROM `{Prefix}job_queue` WHERE fetched_at IS NOT NULL AND fetch_token IS NOT NULL AND visible_at > UTC_TIMESTAMP(6)",
                row => row.GetInt64(0)
            )
            .Should()
            .Equal(long.Parse(a1));
        new[] { Fetch("b", "a"), Fetch("b", "a"), Fetch("b", "a") }.Select(job => job.JobId).Should().Equal(a2, b1, b2);
        using var cancel = new CancellationTokenSource(200);
        Connection()
            .Invoking(c => c.FetchNextJob(["a", "b"], cancel.Token))
            .Should()
            .Throw<OperationCanceledException>("what is left is in another queue");
        Fetch("c").JobId.Should().Be(c1);
    }

    [Fact, Trait("Item", "76"), Trait("Item", "78")]
    public void A_lease_that_ran_out_is_fetched_by_another_and_its_holder_touches_nothing()
    {
        Configure(options => options.SlidingInvisibilityTimeout = Lease);
        var id = Enqueued();
        var lost = Fetch();
        using var other = NewStorage(options => options.SlidingInvisibilityTimeout = TimeSpan.FromMinutes(1));
        using var connection = other.GetConnection();
        var clock = Stopwatch.StartNew();
        var taken = Fetch(connection);
        taken.JobId.Should().Be(id);
        clock.Elapsed.Should().BeGreaterThan(Lease / 2, "a live lease is not taken");

        lost.RemoveFromQueue();
        lost.Requeue();
        lost.Dispose();
        Count("job_queue", "fetch_token IS NOT NULL AND visible_at > UTC_TIMESTAMP(6)").Should().Be(1, "it belongs to another");
        Enqueued("other");
        taken.RemoveFromQueue();
        Query($"SELECT queue FROM `{Prefix}job_queue`", row => row.GetString(0)).Should().Equal("other");
    }

    [Fact, Trait("Item", "77")]
    public void A_heartbeat_keeps_a_job_that_runs_longer_than_three_leases()
    {
        Configure(options => options.SlidingInvisibilityTimeout = Lease);
        Enqueued();
        using var running = Fetch();
        using var stop = new CancellationTokenSource();
        var heartbeat = new Thread(() =>
        {
            var process = (LeaseHeartbeat)Storage.GetServerRequiredProcesses().Single();
            while (!stop.IsCancellationRequested)
                process.Execute(stop.Token);
        });
        heartbeat.Start();
        using var other = NewStorage();
        using var connection = other.GetConnection();
        using var limit = new CancellationTokenSource(Lease * 3.2);
        connection.Invoking(c => c.FetchNextJob(["default"], limit.Token)).Should().Throw<OperationCanceledException>();
        stop.Cancel();
        heartbeat.Join();
    }

    [Fact]
    public void A_process_that_was_cut_off_keeps_its_job_if_nobody_took_it()
    {
        Configure(options => options.SlidingInvisibilityTimeout = Lease);
        var id = Enqueued();
        using var running = Fetch();
        var token = running.Token;
        Execute($"UPDATE `{Prefix}job_queue` SET visible_at = UTC_TIMESTAMP(6) - INTERVAL 1 HOUR");
        using (var cancel = new CancellationTokenSource(400))
            Connection()
                .Invoking(c => c.FetchNextJob(["default"], cancel.Token))
                .Should()
                .Throw<OperationCanceledException>("it still runs here");
        running.Token.Should().NotBe(token);
        running.RemoveFromQueue();
        Count("job_queue").Should().Be(0);
        running.JobId.Should().Be(id);
    }

    [Fact, Trait("Item", "79"), Trait("Item", "80")]
    public void What_is_put_back_is_fetched_at_once_and_disposing_puts_back_once()
    {
        var id = Enqueued();
        Fetch().Requeue();
        var again = Fetch();
        again.JobId.Should().Be(id);
        again.Dispose();
        var third = Fetch();
        third.JobId.Should().Be(id);
        third.Requeue();
        var fourth = Fetch();
        third.Dispose();
        third.RemoveFromQueue();
        Count("job_queue", "fetch_token IS NOT NULL").Should().Be(1, "the third has nothing to do with it any more");
        fourth.RemoveFromQueue();
        fourth.Dispose();
        Count("job_queue").Should().Be(0);
    }

    [Fact, Trait("Item", "81"), Trait("Item", "82")]
    public void A_transaction_takes_the_job_from_its_queue_or_does_not()
    {
        var id = Enqueued();
        var job = Fetch();
        using (var dropped = (JobStorageTransaction)Connection().CreateWriteTransaction())
        {
            dropped.RemoveFromQueue(job);
            dropped.Invoking(t => t.RemoveFromQueue(new ForeignJob())).Should().Throw<NotSupportedException>();
        }
        Count("job_queue", "fetch_token IS NOT NULL").Should().Be(1);
        Commit(transaction =>
        {
            transaction.SetJobState(id, new SucceededState(null, 1, 1));
            transaction.RemoveFromQueue(job);
        });
        Count("job_queue").Should().Be(0);
        Commit(transaction => transaction.AddToQueue("default", id));
        job.RemoveFromQueue();
        job.Requeue();
        job.Dispose();
        Count("job_queue", "fetch_token IS NULL").Should().Be(1);
    }

    [Fact, Trait("Item", "83")]
    public void Twenty_workers_in_two_processes_fetch_each_of_5000_jobs_once_without_a_deadlock()
    {
        Storage.GetMonitoringApi();
        Execute(
            $"INSERT INTO `{Prefix}job_queue` (queue, job_id, visible_at) SELECT 'default', 1 + a.n + 10 * b.n + 100 * c.n + 1000 * d.n, UTC_TIMESTAMP(6) FROM {Digits("a")}, {Digits("b")}, {Digits("c")}, (SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) d"
        );
        var deadlocks = Deadlocks();
        using var other = NewStorage();
        MySqlStorage[] storages = [Storage, other];
        var fetched = new ConcurrentBag<string>();
        InParallel(
            20,
            number =>
            {
                using var connection = storages[number % 2].GetConnection();
                while (fetched.Count < 5_000)
                {
                    using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                    try
                    {
                        using var job = connection.FetchNextJob(["default"], limit.Token);
                        fetched.Add(job.JobId);
                        job.RemoveFromQueue();
                    }
                    catch (OperationCanceledException) when (fetched.Count >= 5_000)
                    {
                        return;
                    }
                    catch (OperationCanceledException)
                    {
                        // The others are quicker.
                    }
                }
            }
        );
        fetched.Should().HaveCount(5_000);
        fetched.Distinct().Should().HaveCount(5_000);
        Count("job_queue").Should().Be(0);
        Deadlocks().Should().Be(deadlocks);
    }

    [Fact, Trait("Item", "84")]
    public async Task A_job_queued_in_the_same_process_wakes_a_waiter_at_once()
    {
        Configure(options => options.QueuePollInterval = TimeSpan.FromSeconds(15));
        using var connection = Storage.GetConnection();
        var elapsed = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var wait = Task.Factory.StartNew(
                () =>
                {
                    using var job = Fetch(connection);
                    job.RemoveFromQueue();
                    return Stopwatch.GetTimestamp();
                },
                TaskCreationOptions.LongRunning
            );
            // Long enough for the pauses between looks to have grown.
            await Task.Delay(700);
            var id = NewJob();
            using var transaction = Storage.GetConnection().CreateWriteTransaction();
            transaction.AddToQueue("default", id);
            transaction.Commit();
            var committed = Stopwatch.GetTimestamp();
            elapsed.Add(Stopwatch.GetElapsedTime(committed, await wait).TotalMilliseconds);
        }
        elapsed.Min().Should().BeLessThan(50, string.Join(' ', elapsed));
        elapsed.Should().AllSatisfy(milliseconds => milliseconds.Should().BeLessThan(1_000));
    }

    [Fact, Trait("Item", "85")]
    public async Task A_job_queued_by_another_process_is_seen_within_the_interval()
    {
        Configure(options => options.QueuePollInterval = TimeSpan.FromMilliseconds(300));
        var wait = Task.Factory.StartNew(() => (Fetch().JobId, Scalar("SELECT UTC_TIMESTAMP(6)")), TaskCreationOptions.LongRunning);
        await using var process = await StartWorkerAsync("enqueue", ConnectionString, Prefix, "from another process");
        await process.ExitAsync(TimeSpan.FromSeconds(30));
        var (id, at) = await wait;
        Connection().GetJobData(id)!.Job.Args.Should().Equal("from another process");
        var waited = Query(
                $"SELECT TIMESTAMPDIFF(MICROSECOND, s.created_at, q.fetched_at) FROM `{Prefix}job_queue` q JOIN `{Prefix}state` s ON s.job_id = q.job_id",
                row => row.GetInt64(0)
            )
            .Single();
        TimeSpan.FromMicroseconds(waited).Should().BeLessThan(TimeSpan.FromMilliseconds(300 + 500));
        at.Should().NotBeNull();
    }

    [Fact, Trait("Item", "86")]
    public void A_queue_row_without_a_job_is_fetched_and_removed()
    {
        Storage.GetMonitoringApi();
        Execute($"INSERT INTO `{Prefix}job_queue` (queue, job_id, visible_at) VALUES ('default', 424242, UTC_TIMESTAMP(6))");
        using var job = Fetch();
        job.JobId.Should().Be("424242");
        Connection().GetJobData(job.JobId).Should().BeNull();
        job.RemoveFromQueue();
        Count("job_queue").Should().Be(0);
    }

    [Fact, Trait("Item", "87")]
    public async Task What_was_claimed_for_workers_that_have_gone_is_given_back()
    {
        Storage.GetMonitoringApi().Queues();
        using var blocker = new MySqlConnection(ConnectionString + ";Pooling=false");
        await blocker.OpenAsync();
        async Task Run(string sql)
        {
            await using var command = new MySqlCommand(sql, blocker);
            await command.ExecuteNonQueryAsync();
        }
        for (var i = 0; i < 10; i++)
            Enqueued();
        // The claim waits for the table while the workers leave.
        await Run($"LOCK TABLES `{Prefix}job_queue` WRITE");
        using var cancel = new CancellationTokenSource();
        var workers = Enumerable
            .Range(0, 10)
            .Select(_ =>
                Task.Factory.StartNew(
                    () =>
                        Connection2().Invoking(c => c.FetchNextJob(["default"], cancel.Token)).Should().Throw<OperationCanceledException>(),
                    TaskCreationOptions.LongRunning
                )
            )
            .ToList();
        await Eventually.HoldsAsync(
            () =>
                Query("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE '%metadata lock%'", row => row.GetInt64(0))
                    .Single() > 0,
            "the claim waits"
        );
        await cancel.CancelAsync();
        await Task.WhenAll(workers);
        await Run("UNLOCK TABLES");
        await Eventually.HoldsAsync(
            () => Count("job_queue", "fetch_token IS NULL AND fetched_at IS NULL AND visible_at <= UTC_TIMESTAMP(6)") == 10,
            "all are back long before their leases end",
            TimeSpan.FromSeconds(10)
        );
    }

    [Fact, Trait("Item", "80")]
    public void A_host_that_froze_in_the_middle_of_a_claim_keeps_the_rows_no_longer_than_a_lease()
    {
        Configure(options => options.SlidingInvisibilityTimeout = TimeSpan.FromSeconds(2));
        var id = Enqueued();
        using var frozen = Storage.Database.Open();
        new QueueTable(Storage.Database).Lock(frozen, ["default"], 1, 10).Should().HaveCount(1);

        // Waits at most 20 s; the session's own hours would be far longer.
        using var fetched = Fetch();

        fetched.JobId.Should().Be(id);
    }

    [Fact, Trait("Item", "88")]
    public async Task Killing_sessions_while_they_claim_loses_nothing()
    {
        for (var i = 0; i < 300; i++)
            Enqueued();
        var fetched = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var user =
            $"SELECT id FROM information_schema.processlist WHERE db = 'hangfire_tests' AND info LIKE '%`{Prefix}job_queue`%SKIP LOCKED%' AND id <> CONNECTION_ID()";
        var killer = Task.Run(async () =>
        {
            var killed = 0;
            while (!stop.IsCancellationRequested)
            {
                foreach (var session in Query(user, row => row.GetInt64(0)))
                {
                    try
                    {
                        Execute($"KILL {session}");
                        killed++;
                    }
                    catch (MySqlException exception) when (exception.ErrorCode == MySqlErrorCode.NoSuchThread)
                    {
                        // It has gone by itself.
                    }
                }
                await Task.Delay(5);
            }
            return killed;
        });
        InParallel(
            4,
            _ =>
            {
                using var connection = Storage.GetConnection();
                while (fetched.Count < 300)
                {
                    using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                    try
                    {
                        using var job = connection.FetchNextJob(["default"], limit.Token);
                        fetched.Add(job.JobId);
                        job.RemoveFromQueue();
                    }
                    catch (OperationCanceledException)
                    {
                        // Others were quicker, or the sessions are dying just now.
                        if (Count("job_queue") == 0)
                            return;
                    }
                }
            }
        );
        await stop.CancelAsync();
        await killer;
        fetched.Distinct().Should().HaveCount(300);
        fetched.Should().HaveCount(300, "the leases are longer than this test");
    }

    [Fact, Trait("Item", "89")]
    public void The_claim_reads_the_index_in_its_order()
    {
        Storage.GetMonitoringApi().Queues();
        Execute(
            $"INSERT INTO `{Prefix}job_queue` (queue, job_id, visible_at) SELECT IF(a.n < 5, 'default', 'other'), 1, UTC_TIMESTAMP(6) FROM {Digits("a")}, {Digits("b")}, {Digits("c")}; ANALYZE TABLE `{Prefix}job_queue`"
        );
        var table = new QueueTable(Storage.Database);
        // On a connection as the storage has it: its collation takes part.
        using var connection = Storage.Database.Open();
        foreach (var (names, queues) in new[] { ("'default'", 1), ("'default', 'other'", 2) })
        {
            var plan = string.Join('\n', Plan(connection, table.ClaimText(names, queues)));
            plan.Should().Contain("ix_claim").And.NotContainAny("filesort", "Sort", "Table scan on q", "type=index");
            Regex.Count(plan, "table=q .*type=eq_ref .*key=PRIMARY|Single-row index lookup on q using PRIMARY").Should().Be(1, plan);
            Regex.Count(plan, "table=[^<]\\S* .*type=ALL|Table scan on [^c]").Should().Be(0, plan);
        }
    }

    [Fact, Trait("Item", "83")]
    public async Task A_claim_waits_for_nobody_and_locks_no_entry_of_an_index_that_others_change()
    {
        string[] ids = [Enqueued(), Enqueued(), Enqueued()];
        // Jobs that run, behind those that are due.
        string[] running = [Enqueued("running"), Enqueued("running")];
        Fetch("running").JobId.Should().Be(running[0]);
        Execute($"UPDATE `{Prefix}job_queue` SET queue = 'default'");
        await using var worker = new MySqlConnection(ConnectionString + ";Pooling=false");
        await worker.OpenAsync();
        async Task Run(string sql)
        {
            await using var command = new MySqlCommand(sql, worker);
            await command.ExecuteNonQueryAsync();
        }
        // One that ends, and one that another process is taking.
        await Run(
            $"SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION; DELETE FROM `{Prefix}job_queue` WHERE job_id = {running[0]}; "
                + $"UPDATE `{Prefix}job_queue` SET visible_at = visible_at + INTERVAL 1 HOUR WHERE id = (SELECT i FROM (SELECT MIN(id) AS i FROM `{Prefix}job_queue`) m)"
        );
        var clock = Stopwatch.StartNew();
        new[] { Fetch(), Fetch(), Fetch() }.Select(job => job.JobId).Should().Equal(ids[1], ids[2], running[1]);
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        await Run("ROLLBACK");
        Fetch().JobId.Should().Be(ids[0]);
    }

    [Fact]
    public void Jobs_that_run_while_the_server_stops_keep_their_leases()
    {
        Configure(options => options.SlidingInvisibilityTimeout = Lease);
        Enqueued();
        using var running = Fetch();
        using var stopping = new CancellationTokenSource();
        using var stopped = new CancellationTokenSource();
        var context = new BackgroundProcessContext(
            "server",
            Storage,
            new Dictionary<string, object>(),
            Guid.NewGuid(),
            stopping.Token,
            stopped.Token,
            stopped.Token
        );
        stopping.Cancel();
        var heartbeat = new Thread(() => ((LeaseHeartbeat)Storage.GetServerRequiredProcesses().Single()).Execute(context));
        heartbeat.Start();
        heartbeat.Join(Lease * 1.5).Should().BeFalse("a job runs");
        Count("job_queue", "visible_at > UTC_TIMESTAMP(6)").Should().Be(1);
        running.RemoveFromQueue();
        heartbeat.Join(TimeSpan.FromSeconds(5)).Should().BeTrue("no job runs");
    }

    private static List<string> Plan(MySqlConnection connection, string statement)
    {
        using var explain = connection.CreateCommand();
        explain.CommandText = "EXPLAIN " + statement;
        foreach (var (name, value) in new[] { ("@count", 20), ("@window", 40) })
            explain.Parameters.AddWithValue(name, value);
        return explain.Rows(row =>
            string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(column => $"{row.GetName(column)}={row.GetValue(column)}"))
        );
    }

    private MySqlStorageConnection Connection2() => (MySqlStorageConnection)Storage.GetConnection();

    private static string Digits(string name) =>
        $"(SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) {name}";

    private long Deadlocks() =>
        Query(
                "SELECT COALESCE(SUM(count), 0) FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'",
                row => Convert.ToInt64(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)
            )
            .Single();

    private sealed class ForeignJob : IFetchedJob
    {
        public string JobId => "1";

        public void RemoveFromQueue() { }

        public void Requeue() { }

        public void Dispose() { }
    }
}

[Collection(OnMariaDb.Name)]
public sealed class QueueOnMariaDb(MariaDbFixture fixture) : QueueTests(fixture);

[Collection(OnMySql.Name)]
public sealed class QueueOnMySql(MySqlFixture fixture) : QueueTests(fixture);
