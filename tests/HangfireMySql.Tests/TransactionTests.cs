using Hangfire.MySql;
using Hangfire.MySql.Engine;
using Hangfire.States;
using Hangfire.Storage;
using MySqlConnector;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class TransactionTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    [Fact, Trait("Item", "49")]
    public void What_is_missing_is_refused_at_the_call()
    {
        using var transaction = (JobStorageTransaction)Connection().CreateWriteTransaction();
        var state = new EnqueuedState();
        (Action<JobStorageTransaction> Call, string Parameter)[] calls =
        [
            (t => t.ExpireJob(null!, TimeSpan.Zero), "jobId"),
            (t => t.PersistJob(null!), "jobId"),
            (t => t.SetJobState(null!, state), "jobId"),
            (t => t.SetJobState("1", null!), "state"),
            (t => t.AddJobState(null!, state), "jobId"),
            (t => t.AddJobState("1", null!), "state"),
            (t => t.AddToQueue(null!, "1"), "queue"),
            (t => t.AddToQueue("default", null!), "jobId"),
            (t => t.RemoveFromQueue(null!), "fetchedJob"),
            (t => t.IncrementCounter(null!), "key"),
            (t => t.IncrementCounter(null!, TimeSpan.Zero), "key"),
            (t => t.DecrementCounter(null!), "key"),
            (t => t.DecrementCounter(null!, TimeSpan.Zero), "key"),
            (t => t.AddToSet(null!, "v"), "key"),
            (t => t.AddToSet("k", null!), "value"),
            (t => t.AddToSet(null!, "v", 1), "key"),
            (t => t.AddRangeToSet(null!, []), "key"),
            (t => t.AddRangeToSet("k", null!), "items"),
            (t => t.RemoveFromSet(null!, "v"), "key"),
            (t => t.RemoveFromSet("k", null!), "value"),
            (t => t.RemoveSet(null!), "key"),
            (t => t.InsertToList(null!, "v"), "key"),
            (t => t.InsertToList("k", null!), "value"),
            (t => t.RemoveFromList(null!, "v"), "key"),
            (t => t.RemoveFromList("k", null!), "value"),
            (t => t.TrimList(null!, 0, 1), "key"),
            (t => t.SetRangeInHash(null!, []), "key"),
            (t => t.SetRangeInHash("k", null!), "keyValuePairs"),
            (t => t.RemoveHash(null!), "key"),
            (t => t.ExpireSet(null!, TimeSpan.Zero), "key"),
            (t => t.ExpireList(null!, TimeSpan.Zero), "key"),
            (t => t.ExpireHash(null!, TimeSpan.Zero), "key"),
            (t => t.PersistSet(null!), "key"),
            (t => t.PersistList(null!), "key"),
            (t => t.PersistHash(null!), "key"),
            (t => t.AcquireDistributedLock(null!, TimeSpan.Zero), "resource"),
            (t => t.SetJobParameter(null!, "n", "v"), "jobId"),
            (t => t.SetJobParameter("1", null!, "v"), "name"),
            (t => t.CreateJob(null!, new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.Zero), "job"),
            (t => t.CreateJob(AJob(), null!, DateTime.UtcNow, TimeSpan.Zero), "parameters"),
        ];
        foreach (var (call, parameter) in calls)
            transaction.Invoking(call).Should().Throw<ArgumentNullException>().WithParameterName(parameter);
        transaction.Commit();
        Count("set").Should().Be(0);
    }

    [Fact, Trait("Item", "50")]
    public void Nothing_is_seen_before_the_commit_and_never_without_one()
    {
        var id = NewJob();
        using (var transaction = Connection().CreateWriteTransaction())
        {
            Everything(transaction, id);
            Monitoring.JobDetails(id)!.History.Should().BeEmpty();
            Touched().Should().Be(0);
        }
        Touched().Should().Be(0);
        Commit(transaction => Everything(transaction, id));
        Touched().Should().Be(6);
    }

    [Fact, Trait("Item", "51")]
    public void One_failing_statement_undoes_all_and_leaves_a_clean_connection()
    {
        var id = NewJob();
        using var held = Connection();
        using (held.AcquireDistributedLock("one session", TimeSpan.FromSeconds(5)))
        {
            using var transaction = held.CreateWriteTransaction();
            Everything(transaction, id);
            Execute($"RENAME TABLE `{Prefix}job_queue` TO `{Prefix}away`");
            try
            {
                transaction.Invoking(t => t.Commit()).Should().Throw<MySqlException>();
            }
            finally
            {
                Execute($"RENAME TABLE `{Prefix}away` TO `{Prefix}job_queue`");
            }
            Touched().Should().Be(0);
            held.GetAllItemsFromSet("key").Should().BeEmpty("the same session sees no open transaction");
            held.SetRangeInHash("after", [new("a", "1")]);
        }
        Connection().GetAllEntriesFromHash("after").Should().NotBeNull("it is committed, not part of a transaction left open");
    }

    [Fact, Trait("Item", "52")]
    public void Expiring_and_persisting_touch_one_job()
    {
        var (first, second) = (NewJob(), NewJob());
        Commit(transaction => transaction.PersistJob(first));
        Scalar($"SELECT GROUP_CONCAT(id) FROM `{Prefix}job` WHERE expire_at IS NULL").Should().Be(first);
        Commit(transaction => transaction.ExpireJob(first, TimeSpan.FromDays(2)));
        Scalar($"SELECT GROUP_CONCAT(id) FROM `{Prefix}job` WHERE expire_at > UTC_TIMESTAMP() + INTERVAL 1 DAY").Should().Be(first);
        Commit(transaction => transaction.ExpireJob(second, TimeSpan.MaxValue));
        Count("job", "expire_at IS NULL").Should().Be(0, "far away is not never");
    }

    [Fact, Trait("Item", "53"), Trait("Item", "54")]
    public void A_state_is_appended_and_only_setting_it_makes_it_current()
    {
        var (id, other) = (NewJob(), NewJob());
        Commit(transaction => transaction.SetJobState(id, new TestState("One", null, null)));
        Commit(transaction => transaction.AddJobState(id, new TestState("Two", new string('r', 600), new() { ["a"] = "b" })));
        Connection().GetJobData(id)!.State.Should().Be("One");
        var history = Monitoring.JobDetails(id)!.History;
        history.Select(state => state.StateName).Should().Equal("Two", "One");
        history[0].Reason.Should().Be(new string('r', 500));
        history[0].Data.Should().Equal(new Dictionary<string, string> { ["a"] = "b" });
        history[0].CreatedAt.Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromSeconds(10));
        history[1].Reason.Should().BeNull();
        history[1].Data.Should().BeEmpty();
        Connection().GetJobData(other)!.State.Should().BeNull();

        Commit(transaction => transaction.SetJobState("123456789", new TestState("One", null, null)));
        Count("state").Should().Be(2, "a job that is gone gets no state");
    }

    [Fact, Trait("Item", "55"), Trait("Item", "64")]
    public void Too_long_names_are_refused_and_not_cut()
    {
        var id = NewJob();
        var (key, value) = (new string('k', 201), new string('v', 501));
        Commit(transaction =>
        {
            transaction.Invoking(t => t.AddToQueue(new string('q', 65), id)).Should().Throw<ArgumentException>().WithParameterName("queue");
            transaction.Invoking(t => t.AddToQueue("default", "a-guid")).Should().Throw<ArgumentException>().WithParameterName("jobId");
            transaction.Invoking(t => t.AddToSet(key, "v")).Should().Throw<ArgumentException>().WithParameterName("key");
            transaction.Invoking(t => t.AddToSet("k", value)).Should().Throw<ArgumentException>().WithParameterName("value");
            transaction.Invoking(t => t.AddRangeToSet(key, ["v"])).Should().Throw<ArgumentException>();
            transaction.Invoking(t => t.InsertToList(key, "v")).Should().Throw<ArgumentException>();
            transaction.Invoking(t => t.SetRangeInHash(key, [new("a", "b")])).Should().Throw<ArgumentException>();
            transaction.Invoking(t => t.IncrementCounter(key)).Should().Throw<ArgumentException>();
            transaction.Invoking(t => t.SetJobParameter(id, key, "v")).Should().Throw<ArgumentException>();
            transaction.Invoking(t => t.SetJobState(id, new TestState(key, null, null))).Should().Throw<ArgumentException>();
            transaction.AddToQueue(new string('q', 64), id);
        });
        Count("job_queue").Should().Be(1);

        // Deleting by a longer key must not delete what a shorter key holds.
        var longest = new string('k', 200);
        Commit(transaction =>
        {
            transaction.AddToSet(longest, "v");
            transaction.InsertToList(longest, "v");
            transaction.SetRangeInHash(longest, [new("a", "b")]);
        });
        Commit(transaction =>
        {
            transaction.RemoveFromSet(key, "v");
            transaction.RemoveSet(key);
            transaction.RemoveFromList(key, "v");
            transaction.TrimList(key, 1, 0);
            transaction.RemoveHash(key);
            transaction.ExpireSet(key, TimeSpan.Zero);
            transaction.ExpireList(key, TimeSpan.Zero);
            transaction.ExpireHash(key, TimeSpan.Zero);
        });
        (Count("set", "expire_at IS NULL") + Count("list", "expire_at IS NULL") + Count("hash", "expire_at IS NULL")).Should().Be(3);
    }

    [Fact, Trait("Item", "56")]
    public void Counters_count_up_and_down()
    {
        Commit(transaction =>
        {
            transaction.IncrementCounter("a");
            transaction.IncrementCounter("a");
            transaction.IncrementCounter("a", TimeSpan.FromDays(1));
            transaction.DecrementCounter("b");
            transaction.DecrementCounter("c", TimeSpan.FromDays(1));
            transaction.IncrementCounter("d", TimeSpan.FromDays(1));
            transaction.IncrementCounter("d", TimeSpan.FromDays(2));
        });
        Query(
                $"SELECT `key`, value, ROUND(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expire_at) / 86400) FROM `{Prefix}counter` ORDER BY `key`",
                row => (row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? -1 : (int)row.GetDecimal(2))
            )
            .Should()
            .Equal(("a", 3, -1), ("b", -1, -1), ("c", -1, 1), ("d", 2, 2));
    }

    [Fact, Trait("Item", "57"), Trait("Item", "58"), Trait("Item", "59")]
    public void Sets_hold_each_value_once()
    {
        Commit(transaction => transaction.AddToSet("key", "a"));
        Commit(transaction => transaction.AddToSet("key", "a", 3.2));
        Commit(transaction => transaction.AddToSet("key", "b", 1));
        Query($"SELECT value, score FROM `{Prefix}set` ORDER BY value", row => (row.GetString(0), row.GetDouble(1)))
            .Should()
            .Equal(("a", 3.2), ("b", 1));
        Commit(transaction => transaction.AddRangeToSet("key", ["c", "a", "c"]));
        Commit(transaction => transaction.AddRangeToSet("key", []));
        Connection().GetAllItemsFromSet("key").Should().BeEquivalentTo("a", "b", "c");
        Commit(transaction =>
        {
            transaction.AddToSet("other", "a");
            transaction.RemoveFromSet("key", "a");
            transaction.RemoveFromSet("key", "none");
            transaction.RemoveFromSet("other", "b");
        });
        Connection().GetAllItemsFromSet("key").Should().BeEquivalentTo("b", "c");
        Commit(transaction => transaction.RemoveSet("key"));
        Connection().GetAllItemsFromSet("key").Should().BeEmpty();
        Connection().GetAllItemsFromSet("other").Should().Equal("a");
    }

    [Fact, Trait("Item", "60")]
    public void Lists_keep_duplicates_and_lose_all_that_are_equal()
    {
        Commit(transaction =>
        {
            foreach (var value in new[] { "a", "b", "a", "c", "a" })
                transaction.InsertToList("key", value);
            transaction.InsertToList("other", "a");
        });
        Connection().GetAllItemsFromList("key").Should().Equal("a", "c", "a", "b", "a");
        Commit(transaction => transaction.RemoveFromList("key", "a"));
        Connection().GetAllItemsFromList("key").Should().Equal("c", "b");
        Connection().GetAllItemsFromList("other").Should().Equal("a");
    }

    [Theory, Trait("Item", "61")]
    [InlineData(1, 2, "3,2")]
    [InlineData(0, 3, "4,3,2,1")]
    [InlineData(1, 100, "3,2,1")]
    [InlineData(0, 0, "4")]
    [InlineData(4, 10, "")]
    [InlineData(2, 1, "")]
    public void A_list_is_trimmed_to_a_range(int from, int to, string left)
    {
        Commit(transaction =>
        {
            for (var i = 1; i <= 4; i++)
            {
                transaction.InsertToList("key", $"{i}");
                transaction.InsertToList("other", $"{i}");
            }
        });
        Commit(transaction => transaction.TrimList("key", from, to));
        string.Join(',', Connection().GetAllItemsFromList("key")).Should().Be(left);
        Connection().GetListCount("other").Should().Be(4);
    }

    [Fact, Trait("Item", "62")]
    public void Hashes_merge_and_go()
    {
        Commit(transaction =>
        {
            transaction.SetRangeInHash("key", [new("a", "1"), new("b", null!)]);
            transaction.SetRangeInHash("key", [new("a", "2")]);
            transaction.SetRangeInHash("other", [new("a", "3")]);
        });
        Connection().GetAllEntriesFromHash("key").Should().Equal(new Dictionary<string, string?> { ["a"] = "2", ["b"] = null });
        Commit(transaction => transaction.RemoveHash("key"));
        Connection().GetAllEntriesFromHash("key").Should().BeNull();
        Connection().GetAllEntriesFromHash("other").Should().HaveCount(1);
    }

    [Fact, Trait("Item", "66")]
    public void Twenty_writers_of_one_set_do_not_fail()
    {
        Storage.GetMonitoringApi().Servers();
        InParallel(
            20,
            number =>
            {
                for (var i = 0; i < 5; i++)
                {
                    using var connection = Storage.GetConnection();
                    using var transaction = connection.CreateWriteTransaction();
                    transaction.AddToSet("key", $"{(number + i) % 7}", number);
                    transaction.AddToSet("key", $"{(number * 3 + i) % 7}", number);
                    transaction.AddToSet("second", "same", i);
                    transaction.IncrementCounter("count");
                    transaction.Commit();
                }
            }
        );
        Connection().GetSetCount("key").Should().Be(7);
        Connection().GetCounter("count").Should().Be(100);
    }

    [Theory, Trait("Item", "67")]
    [InlineData(DistributedLockMode.Session)]
    [InlineData(DistributedLockMode.Table)]
    public void A_transactions_lock_ends_with_it_unless_the_connection_had_it(DistributedLockMode mode)
    {
        Configure(options => options.DistributedLockMode = mode);
        var connection = Connection();
        bool Free()
        {
            try
            {
                Connection().AcquireDistributedLock("lock", TimeSpan.Zero).Dispose();
                return true;
            }
            catch (DistributedLockTimeoutException)
            {
                return false;
            }
        }
        using (var transaction = (JobStorageTransaction)connection.CreateWriteTransaction())
        {
            transaction.AcquireDistributedLock("lock", TimeSpan.FromSeconds(1));
            transaction.AcquireDistributedLock("lock", TimeSpan.FromSeconds(1));
            Free().Should().BeFalse();
            transaction.AddToSet("key", "value");
            transaction.Commit();
            Free().Should().BeTrue("it was committed");
        }
        using (var transaction = (JobStorageTransaction)connection.CreateWriteTransaction())
            transaction.AcquireDistributedLock("lock", TimeSpan.FromSeconds(1));
        Free().Should().BeTrue("it was disposed of");

        using (connection.AcquireDistributedLock("lock", TimeSpan.FromSeconds(1)))
        {
            using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
            transaction.AcquireDistributedLock("lock", TimeSpan.FromSeconds(1));
            transaction.Commit();
            Free().Should().BeFalse("the connection has it still");
        }
        Free().Should().BeTrue();
    }

    [Fact, Trait("Item", "68")]
    public void A_job_is_made_and_given_parameters_inside()
    {
        string id;
        using (var transaction = (JobStorageTransaction)Connection().CreateWriteTransaction())
        {
            id = transaction.CreateJob(
                AJob("inside"),
                new Dictionary<string, string> { ["a"] = "1", ["b"] = null! },
                DateTime.UtcNow,
                TimeSpan.FromHours(1)
            );
            transaction.SetJobParameter(id, "a", "2");
            transaction.SetJobParameter(id, "c", "3");
            transaction.SetJobState(id, new EnqueuedState());
            transaction.AddToQueue("default", id);
            Count("job").Should().Be(0, "nothing is there before the commit");
            NewJob().Should().NotBe(id, "the number is taken");
            transaction.Commit();
        }
        var data = Connection().GetJobData(id)!;
        data.Job.Args.Should().Equal("inside");
        data.State.Should().Be("Enqueued");
        data.ParametersSnapshot.Should()
            .BeEquivalentTo(
                new Dictionary<string, string>
                {
                    ["a"] = "2",
                    ["b"] = null!,
                    ["c"] = "3",
                }
            );
        Fetch().JobId.Should().Be(id);

        using (var dropped = (JobStorageTransaction)Connection().CreateWriteTransaction())
            id = dropped.CreateJob(AJob(), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1));
        Connection().GetJobData(id).Should().BeNull();
    }

    [Fact, Trait("Item", "69")]
    public async Task A_deadlock_is_tried_again_with_its_effects_once()
    {
        var (first, second) = (NewJob(), NewJob());
        // Heavier than our transaction, so that the server gives up ours.
        using var other = new MySqlConnection(ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        async Task Run(string sql)
        {
            await using var command = new MySqlCommand(sql, other);
            await command.ExecuteNonQueryAsync();
        }
        await Run(
            $"START TRANSACTION; INSERT INTO `{Prefix}list` (`key`, value) SELECT 'weight', 'x' FROM (SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5) a, (SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) b"
        );
        await Run($"UPDATE `{Prefix}job` SET expire_at = NULL WHERE id = {second}");
        var commit = Task.Run(() =>
            Commit(transaction =>
            {
                transaction.ExpireJob(first, TimeSpan.FromDays(9));
                transaction.ExpireJob(second, TimeSpan.FromDays(9));
                transaction.IncrementCounter("once");
                transaction.InsertToList("once", "x");
            })
        );
        await Eventually.HoldsAsync(
            () => Task.FromResult(Scalar("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'") != "0"),
            "the transaction waits for the other's row",
            // MariaDB shows what it showed before to who asks again within a tenth of a second.
            pause: TimeSpan.FromMilliseconds(200)
        );
        // Now each waits for the other.
        await Run($"UPDATE `{Prefix}job` SET expire_at = NULL WHERE id = {first}");
        await Run("COMMIT");
        await commit;
        Count("job", "expire_at > UTC_TIMESTAMP() + INTERVAL 8 DAY").Should().Be(2);
        Connection().GetCounter("once").Should().Be(1);
        Connection().GetListCount("once").Should().Be(1);
    }

    [Fact, Trait("Item", "70")]
    public void Two_thousand_commands_and_twenty_megabytes_are_all_or_nothing()
    {
        Commit(transaction =>
        {
            for (var i = 0; i < 2_000; i++)
                transaction.AddToSet("many", $"{i}", i);
        });
        Connection().GetSetCount("many").Should().Be(2_000);
        var text = new string('x', 500_000);
        Commit(transaction =>
        {
            for (var i = 0; i < 40; i++)
                transaction.InsertToList("large", text);
        });
        Scalar($"SELECT SUM(LENGTH(value)) FROM `{Prefix}list`").Should().Be("20000000");

        using var failing = Connection().CreateWriteTransaction();
        for (var i = 0; i < 1_500; i++)
            failing.AddToSet("second", $"{i}", i);
        failing.AddToQueue("default", NewJob());
        Execute($"RENAME TABLE `{Prefix}job_queue` TO `{Prefix}away`");
        try
        {
            failing.Invoking(t => t.Commit()).Should().Throw<MySqlException>();
        }
        finally
        {
            Execute($"RENAME TABLE `{Prefix}away` TO `{Prefix}job_queue`");
        }
        Connection().GetSetCount("second").Should().Be(0);
    }

    private static void Everything(IWriteOnlyTransaction transaction, string id)
    {
        transaction.SetJobState(id, new EnqueuedState());
        transaction.AddToSet("key", "value");
        transaction.InsertToList("key", "value");
        transaction.SetRangeInHash("key", [new("field", "value")]);
        transaction.IncrementCounter("key");
        transaction.AddToQueue("default", id);
    }

    private long Touched() => Count("state") + Count("set") + Count("list") + Count("hash") + Count("counter") + Count("job_queue");

    private sealed class TestState(string name, string? reason, Dictionary<string, string>? data) : IState
    {
        public string Name => name;
        public string? Reason => reason;
        public bool IsFinal => false;
        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string>? SerializeData() => data;
    }
}

[Collection(OnMariaDb.Name)]
public sealed class TransactionsOnMariaDb(MariaDbFixture fixture) : TransactionTests(fixture);

[Collection(OnMySql.Name)]
public sealed class TransactionsOnMySql(MySqlFixture fixture) : TransactionTests(fixture);
