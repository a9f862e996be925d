using System.Security.Cryptography;
using System.Text;
using MySqlConnector;
using TestSupport;

namespace KafkaMySql.Tests;

[Collection(LogOnMariaDb.Name)]
public sealed class EventLogOnMariaDbTests(MariaDbFixture fixture) : EventLogTests(fixture);

[Collection(LogOnMySql.Name)]
public sealed class EventLogOnMySqlTests(MySqlFixture fixture) : EventLogTests(fixture);

/// <summary>The log on a real server, without a broker.</summary>
public abstract class EventLogTests(DatabaseFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Text(int length) => new('x', length);

    private static IdempotencyKey KeyOf(string key, string body) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(key)), SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public async Task An_event_is_in_the_log_byte_for_byte_when_its_receipt_comes()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database);
        var sent = LogProcess.Event("schlüssel", "{\"text\":\"Größe 🏠 \\u0000 'quoted' \\\\ back\0slash\"}");

        var receipt = await process.Log.AppendAsync(sent, Cancel);

        var row = (await LogTable.RowsAsync(database, receipt.Partition)).Should().ContainSingle().Subject;
        row.Seq.Should().Be(receipt.Seq);
        row.After.Should().Be(0);
        row.TraceId.Should().Be(sent.TraceId).And.Be(receipt.TraceId);
        row.Key.Should().Equal(sent.Key.ToArray());
        row.Value.Should().Equal(sent.Value.ToArray());
        HeaderBlob.Read(row.Headers).Should().BeEquivalentTo(sent.Headers);
        receipt.Repeated.Should().BeFalse();
        receipt.Partition.Should().Be(KafkaPartitioner.PartitionOf(sent.Key.Span, 4));
    }

    [Fact]
    public async Task Many_writers_together_leave_one_chain_per_partition()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var one = await LogProcess.StartAsync(database);
        await using var other = await LogProcess.StartAsync(database);

        var receipts = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(client => AppendManyAsync(client % 2 == 0 ? one : other, client, 40))
        );

        var rows = await LogTable.RowsAsync(database);
        rows.Should().HaveCount(64 * 40);
        Ids.AreTheSame([.. rows.Select(row => row.TraceId)], [.. receipts.SelectMany(of => of).Select(receipt => receipt.TraceId)]);
        await LogTable.MustBeAChainAsync(database);
        foreach (var ofClient in receipts)
        foreach (var ofPartition in ofClient.GroupBy(receipt => receipt.Partition))
            ofPartition.Select(receipt => receipt.Seq).Should().BeInAscendingOrder("acknowledgements of one client keep their order");
    }

    private static async Task<List<LogReceipt>> AppendManyAsync(LogProcess process, int client, int count)
    {
        var receipts = new List<LogReceipt>();
        for (var number = 0; number < count; number++)
            receipts.Add(await process.AppendAsync($"{client}", $"{client}/{number}"));
        return receipts;
    }

    [Fact]
    public async Task A_batch_of_many_has_an_outcome_for_each_in_order()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database);
        var events = Enumerable.Range(0, 1000).Select(number => LogProcess.Event($"{number % 50}", $"{number}")).ToList();

        var outcomes = await process.Log.AppendManyAsync(events, Cancel);

        outcomes.Select(outcome => outcome.Receipt?.TraceId).Should().Equal(events.Select(one => one.TraceId));
        await LogTable.MustBeAChainAsync(database);
    }

    [Fact]
    public async Task An_event_over_the_limits_is_refused_alone()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database);
        var good = LogProcess.Event("k", "good");

        var outcomes = await process.Log.AppendManyAsync(
            [
                LogProcess.Event("k", "first"),
                LogProcess.Event(Text(257), "key too long"),
                LogProcess.Event("k", Text(900_001)),
                good with
                {
                    TraceId = Text(37),
                },
                good with
                {
                    TraceId = "spaß",
                },
                good with
                {
                    TraceId = "",
                },
                good with
                {
                    Headers = [new("h", new byte[65_535])],
                },
                good with
                {
                    Idempotency = new IdempotencyKey([1], [2]),
                },
                LogProcess.Event(Text(256), Text(899_000)),
                good,
            ],
            Cancel
        );

        outcomes
            .Select(outcome => outcome.Error is LogEventRefusedException { RetryAfter: null })
            .Should()
            .Equal(false, true, true, true, true, true, true, true, false, false);
        (await LogTable.CountAsync(database, "event_log")).Should().Be(3);
    }

    [Fact]
    public async Task Fifty_concurrent_requests_with_one_idempotency_key_leave_one_row_and_get_one_answer()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var one = await LogProcess.StartAsync(database);
        await using var other = await LogProcess.StartAsync(database);
        var key = KeyOf("key", "body");

        var receipts = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(number => (number % 2 == 0 ? one : other).AppendAsync("k", "body", key))
        );

        receipts.Select(receipt => (receipt.Partition, receipt.Seq, receipt.TraceId)).Distinct().Should().ContainSingle();
        receipts.Count(receipt => !receipt.Repeated).Should().Be(1);
        (await LogTable.CountAsync(database, "event_log")).Should().Be(1);
        (await one.AppendAsync("k", "body", key)).Repeated.Should().BeTrue("the key is known later, too");
    }

    [Fact]
    public async Task The_same_idempotency_key_with_another_body_is_a_conflict_for_whoever_came_second()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database);
        var first = await process.AppendAsync("k", "one", KeyOf("key", "one"));

        await process.Awaiting(it => it.AppendAsync("k", "two", KeyOf("key", "two"))).Should().ThrowAsync<IdempotencyConflictException>();
        var together = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => Outcome(process.AppendAsync("k", $"{number}", KeyOf("together", $"{number}"))))
        );

        together.Count(outcome => outcome is null).Should().Be(1);
        together.OfType<IdempotencyConflictException>().Should().HaveCount(19);
        (await LogTable.RowsAsync(database)).Should().HaveCount(2).And.Contain(row => row.TraceId == first.TraceId);
    }

    [Fact]
    public async Task Old_idempotency_keys_are_forgotten_in_small_steps()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(
            database,
            options => options.CleanupInterval = TimeSpan.FromMilliseconds(100)
        );
        await process.AppendAsync("k", "old", KeyOf("old", "old"));
        await process.AppendAsync("k", "new", KeyOf("new", "new"));

        await LogTable.ExecuteAsync(
            database,
            "UPDATE idempotency SET at = at - INTERVAL 25 HOUR WHERE seq = (SELECT * FROM (SELECT MIN(seq) FROM idempotency) first)"
        );

        await Eventually.HoldsAsync(async () => await LogTable.CountAsync(database, "idempotency") == 1, "the old key is gone");
        (await process.AppendAsync("k", "new", KeyOf("new", "new"))).Repeated.Should().BeTrue();
        (await process.AppendAsync("k", "old", KeyOf("old", "old"))).Repeated.Should().BeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_cut_at_commit_neither_loses_nor_doubles_an_event(bool afterTheServerSawIt)
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var cutter = new CommitCutter(fixture.Server.Port, "INSERT INTO event_log");
        await using var process = await LogProcess.StartAsync(Through(database, cutter));
        await process.AppendAsync("k", "before");

        for (var round = 0; round < 5; round++)
        {
            if (afterTheServerSawIt)
                cutter.CutAfterCommit();
            else
                cutter.CutBeforeCommit();
            var outcomes = await process.Log.AppendManyAsync(
                [
                    .. Enumerable
                        .Range(0, 30)
                        .Select(number => LogProcess.Event($"{number}", $"{round}/{number}", KeyOf($"{round}/{number}", "b"))),
                ],
                Cancel
            );
            outcomes.Should().OnlyContain(outcome => outcome.Error == null);
        }

        cutter.Cuts.Should().BeGreaterThanOrEqualTo(5);
        (await LogTable.CountAsync(database, "event_log")).Should().Be(151);
        await LogTable.MustBeAChainAsync(database);
    }

    [Fact]
    public async Task A_commit_in_doubt_waits_for_the_session_that_holds_the_locks_and_then_knows()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var cutter = new CommitCutter(fixture.Server.Port, "INSERT INTO event_log");
        await using var process = await LogProcess.StartAsync(Through(database, cutter));
        await process.AppendAsync("k", "before");
        cutter.SwallowCommit();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await process.AppendAsync("k", "in doubt");

        clock
            .Elapsed.Should()
            .BeGreaterThan(TimeSpan.FromSeconds(2), "the old session still held the head")
            .And.BeLessThan(TimeSpan.FromSeconds(12));
        (await LogTable.CountAsync(database, "event_log")).Should().Be(2);
        await LogTable.MustBeAChainAsync(database);
    }

    [Fact]
    public async Task A_process_that_vanishes_inside_its_transaction_stops_the_others_for_no_longer_than_six_seconds()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var cutter = new CommitCutter(fixture.Server.Port, "INSERT INTO event_log");
        await using var frozen = await LogProcess.StartAsync(
            Through(database, cutter),
            options => options.CommitTimeout = TimeSpan.FromSeconds(30)
        );
        await using var other = await LogProcess.StartAsync(database, options => options.CommitTimeout = TimeSpan.FromSeconds(20));
        await frozen.AppendAsync("k", "before");
        await other.AppendAsync("k", "before");
        cutter.SwallowCommit();
        var doubtful = frozen.AppendAsync("k", "frozen");
        await Eventually.HoldsAsync(() => cutter.Cuts == 1, "the commit was swallowed");
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await other.AppendAsync("k", "others go on");

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(7));
        await doubtful;
        (await LogTable.CountAsync(database, "event_log")).Should().Be(4);
        await LogTable.MustBeAChainAsync(database);
    }

    [Fact]
    public async Task Connections_killed_again_and_again_cost_no_event()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var killer = KillConnectionsAsync(new MySqlConnectionStringBuilder(database).Database, end.Token);

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(async client => await AppendUntilAsync(process, client, TimeSpan.FromSeconds(4)))
        );

        await end.CancelAsync();
        (await killer).Should().BeGreaterThan(3);
        var answered = outcomes.SelectMany(traces => traces).ToList();
        answered.Should().NotBeEmpty();
        var there = (await LogTable.RowsAsync(database)).Select(row => row.TraceId).ToList();
        Ids.AreUnique(there);
        Ids.Contain(there, answered);
        await LogTable.MustBeAChainAsync(database);
    }

    private static async Task<List<string>> AppendUntilAsync(LogProcess process, int client, TimeSpan time)
    {
        var traces = new List<string>();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            try
            {
                traces.Add((await process.AppendAsync($"{client}", $"{traces.Count}")).TraceId);
            }
            catch (LogUnavailableException)
            {
                // Not answered with success: nothing is promised.
                await Task.Delay(20);
            }
        }

        return traces;
    }

    private async Task<int> KillConnectionsAsync(string database, CancellationToken cancellationToken)
    {
        var killed = 0;
        await using var connection = new MySqlConnection(fixture.Server.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(CancellationToken.None);
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(150, CancellationToken.None);
            var sessions = new List<ulong>();
            await using (var find = new MySqlCommand("SELECT id FROM information_schema.processlist WHERE db = @db", connection))
            {
                find.Parameters.AddWithValue("@db", database);
                await using var reader = await find.ExecuteReaderAsync(CancellationToken.None);
                while (await reader.ReadAsync(CancellationToken.None))
                    sessions.Add(Convert.ToUInt64(reader.GetValue(0), null));
            }

            foreach (var session in sessions)
            {
                try
                {
                    await using var kill = new MySqlCommand($"KILL {session}", connection);
                    await kill.ExecuteNonQueryAsync(CancellationToken.None);
                    killed++;
                }
                catch (MySqlException)
                {
                    // It was gone already.
                }
            }
        }

        return killed;
    }

    [Fact]
    public async Task A_lock_held_by_somebody_else_delays_the_batch_and_fails_nothing()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database, options => options.CommitTimeout = TimeSpan.FromSeconds(20));
        await process.AppendAsync("k", "before");
        await using var side = new MySqlConnection(database + ";Pooling=false");
        await side.OpenAsync(Cancel);
        await using var transaction = await side.BeginTransactionAsync(Cancel);
        await using (var hold = new MySqlCommand("SELECT * FROM partition_head FOR UPDATE", side, transaction))
            await hold.ExecuteNonQueryAsync(Cancel);

        var waiting = process.AppendAsync("k", "behind the lock");
        await Task.Delay(TimeSpan.FromSeconds(5), Cancel);
        waiting.IsCompleted.Should().BeFalse("the head is locked for longer than one lock wait");
        await transaction.RollbackAsync(Cancel);

        await waiting;
        (await LogTable.CountAsync(database, "event_log")).Should().Be(2);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_what_was_taken_is_stored()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(
            database,
            options =>
            {
                options.QueueCapacity = 16;
                options.CommitTimeout = TimeSpan.FromSeconds(20);
            }
        );
        await process.AppendAsync("k", "before");
        await using var side = new MySqlConnection(database + ";Pooling=false");
        await side.OpenAsync(Cancel);
        await using var transaction = await side.BeginTransactionAsync(Cancel);
        await using (var hold = new MySqlCommand("SELECT * FROM partition_head FOR UPDATE", side, transaction))
            await hold.ExecuteNonQueryAsync(Cancel);

        var appends = Enumerable.Range(0, 100).Select(number => Outcome(process.AppendAsync("k", $"{number}"))).ToList();
        await Eventually.HoldsAsync(() => appends.Any(append => append.IsCompleted), "the queue is full");
        await transaction.RollbackAsync(Cancel);

        var outcomes = await Task.WhenAll(appends);
        outcomes.OfType<LogQueueFullException>().Should().NotBeEmpty().And.OnlyContain(refusal => refusal.RetryAfter > TimeSpan.Zero);
        (await LogTable.CountAsync(database, "event_log")).Should().Be(1 + outcomes.Count(outcome => outcome is null));
    }

    [Fact]
    public async Task Many_events_wait_for_room_in_the_queue_and_leave_some_for_single_ones()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database, options => options.QueueCapacity = 16);

        var many = Enumerable
            .Range(0, 4)
            .Select(batch => Enumerable.Range(0, 100).Select(i => LogProcess.Event($"k{i}", $"{batch}-{i}")).ToList())
            .Select(events => process.Log.AppendManyAsync(events, Cancel))
            .ToList();
        var single = await Outcome(process.AppendAsync("k", "single"));

        single.Should().BeNull();
        foreach (var batch in many)
            (await batch).Should().OnlyContain(outcome => outcome.Error == null);
        (await LogTable.CountAsync(database, "event_log")).Should().Be(401);
    }

    [Fact]
    public async Task The_server_killed_under_load_loses_nothing_that_was_answered()
    {
        await using var server = NewServer();
        await server.StartAsync();
        var database = await server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database);
        var clients = Enumerable.Range(0, 16).Select(client => AppendUntilAsync(process, client, TimeSpan.FromSeconds(8))).ToList();
        await Eventually.HoldsAsync(async () => await LogTable.CountAsync(database, "event_log") > 500, "events flow");

        await server.KillAsync();
        await Eventually.HoldsAsync(() => process.State.DatabaseTrouble is not null, "the state says it");
        await server.StartAsync();

        var answered = (await Task.WhenAll(clients)).SelectMany(traces => traces).ToList();
        var there = (await LogTable.RowsAsync(database)).Select(row => row.TraceId).ToList();
        Ids.AreUnique(there);
        Ids.Contain(there, answered);
        await LogTable.MustBeAChainAsync(database);
        process.State.DatabaseTrouble.Should().BeNull();
        process
            .Lines.Count(line => line.Message.Contains("connection of the event log is down", StringComparison.Ordinal))
            .Should()
            .BeLessThan(4, "one line per change of state");
    }

    [Fact]
    public async Task It_starts_without_its_database_refuses_at_once_and_recovers_by_itself()
    {
        await using var server = NewServer();
        await server.StartAsync();
        var database = await server.NewDatabaseAsync();
        await server.StopAsync();
        await using var process = await LogProcess.StartAsync(database, options => options.CommitTimeout = TimeSpan.FromSeconds(1));

        var refusal = (await process.Awaiting(it => it.AppendAsync("k", "v")).Should().ThrowAsync<LogUnavailableException>()).Which;
        refusal.InDoubt.Should().BeFalse();
        refusal.RetryAfter.Should().BePositive();
        process.TraceIds.Invoking(ids => ids.Next()).Should().Throw<LogUnavailableException>();
        await server.StartAsync();

        await Eventually.HoldsAsync(
            async () => await Outcome(process.AppendAsync("k", "v")) is null,
            "events are stored",
            TimeSpan.FromSeconds(15)
        );
        await Eventually.HoldsAsync(() => process.State.Node is not null, "a node number is leased");
        process.TraceIds.Next().Should().BePositive();
    }

    [Fact]
    public async Task An_empty_database_in_place_of_the_old_one_starts_above_every_number_given_before()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database);
        var before = await process.AppendAsync("k", "before");
        var name = new MySqlConnectionStringBuilder(database).Database;

        await fixture.Server.ExecuteAsync($"DROP DATABASE {name}; CREATE DATABASE {name}");
        LogReceipt? after = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                after = await process.AppendAsync("k", "after");
                return true;
            },
            "events are stored again"
        );

        after!.Seq.Should().BeGreaterThan(before.Seq);
        await LogTable.MustBeAChainAsync(database);
    }

    [Fact]
    public async Task Another_number_of_partitions_stops_the_start_with_a_sentence()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using (await LogProcess.StartAsync(database)) { }

        var act = () => LogProcess.StartAsync(database, options => options.Partitions = 8);

        (await act.Should().ThrowAsync<EventLogSchemaException>()).Which.Message.Should().Contain("4 partitions").And.Contain("8");
    }

    [Fact]
    public async Task A_server_that_may_lose_commits_is_named_and_refused_where_durability_is_required()
    {
        await using DatabaseServer server =
            fixture.Server is MySqlServer
                ? new MySqlServer("--innodb-flush-log-at-trx-commit=2")
                : new MariaDbServer("--innodb-flush-log-at-trx-commit=2");
        await server.StartAsync();
        var database = await server.NewDatabaseAsync();
        await using (var process = await LogProcess.StartAsync(database))
            process.State.DurabilityWarning.Should().Contain("innodb_flush_log_at_trx_commit is 2");

        var act = () => LogProcess.StartAsync(database, options => options.RequireDurability = true);

        (await act.Should().ThrowAsync<EventLogSchemaException>()).Which.Message.Should().Contain("RequireDurability");
    }

    [Fact]
    public async Task Ten_processes_starting_at_once_make_one_schema_and_lease_ten_numbers()
    {
        var database = await fixture.Server.NewDatabaseAsync();

        var processes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => LogProcess.StartAsync(database)));

        await Eventually.HoldsAsync(() => processes.All(process => process.State.Node is not null), "all have a number");
        processes.Select(process => process.State.Node).Should().OnlyHaveUniqueItems();
        var ids = processes.SelectMany(process => Enumerable.Range(0, 200).Select(_ => process.TraceIds.Next())).ToList();
        ids.Should().OnlyHaveUniqueItems();
        ids.Should().OnlyContain(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture).Length == 19);
        foreach (var process in processes)
            await process.DisposeAsync();
    }

    [Fact]
    public async Task A_node_cut_off_gives_no_trace_ids_and_whoever_gets_its_number_starts_above_them()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var cutter = new CommitCutter(fixture.Server.Port, "INSERT INTO event_log");
        await using var frozen = await LogProcess.StartAsync(Through(database, cutter));
        await Eventually.HoldsAsync(() => frozen.State.Node is not null, "it has a number");
        var number = frozen.State.Node;
        var highest = frozen.TraceIds.Next();

        cutter.GoDark();
        await Eventually.HoldsAsync(() => frozen.State.Node is null, "its lease runs out", TimeSpan.FromSeconds(5));
        frozen.TraceIds.Invoking(ids => ids.Next()).Should().Throw<LogUnavailableException>();
        LogProcess? heir = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                heir = await LogProcess.StartAsync(database);
                await Eventually.HoldsAsync(() => heir.State.Node is not null, "the heir has a number");
                if (heir.State.Node == number)
                    return true;
                await heir.DisposeAsync();
                return false;
            },
            "another process gets the number"
        );

        heir!.TraceIds.Next().Should().BeGreaterThan(highest + 1_000_000_000, "the former holder's reserve lies between");
        cutter.GoOn();
        await Eventually.HoldsAsync(() => frozen.State.Node is not null, "the thawed one leases another", TimeSpan.FromSeconds(20));
        frozen.State.Node.Should().NotBe(number);
        await heir.DisposeAsync();
    }

    [Fact]
    public async Task Idle_it_asks_the_database_at_most_twice_a_second()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database);
        await Eventually.HoldsAsync(() => process.State.Node is not null, "it runs");
        // On a slow machine what belongs to the start may still go on.
        await Eventually.HoldsAsync(
            async () =>
            {
                var (asked, time) = await QuestionsAsync(TimeSpan.FromSeconds(5));
                // A heartbeat may fall on either end of the window.
                return asked >= 5 && asked <= 2 * (time.TotalSeconds + 1)
                    ? true
                    : throw new InvalidOperationException($"{asked} questions in {time}");
            },
            "an idle log asks twice a second",
            TimeSpan.FromSeconds(60)
        );
    }

    private async Task<(long Asked, TimeSpan Time)> QuestionsAsync(TimeSpan window)
    {
        await fixture.Server.ExecuteAsync("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(window, Cancel);
        await fixture.Server.ExecuteAsync("SET GLOBAL general_log = OFF");
        var time = clock.Elapsed;
        await using var connection = new MySqlConnection(fixture.Server.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var count = new MySqlCommand(
            "SELECT COUNT(*) FROM mysql.general_log WHERE command_type = 'Query' AND CONVERT(argument USING utf8mb4) NOT LIKE '%general_log%'",
            connection
        );
        return (Convert.ToInt64(await count.ExecuteScalarAsync(Cancel), null), time);
    }

    [Fact]
    public async Task The_archive_gives_an_event_its_extent_and_the_digests_by_bucket()
    {
        var database = await fixture.Server.NewDatabaseAsync();
        await using var process = await LogProcess.StartAsync(database);
        var sent = Enumerable.Range(0, 300).Select(number => LogProcess.Event($"{number}", $"{number}")).ToList();
        var receipts = (await process.Log.AppendManyAsync(sent, Cancel)).Select(outcome => outcome.Receipt!).ToList();
        var archive = process.Get<IEventLogArchive>();

        var entry = await archive.FindAsync(receipts[7].Partition, receipts[7].Seq, Cancel);
        var extents = await archive.ExtentsAsync(Cancel);

        entry!.Value.Should().Equal(sent[7].Value.ToArray());
        entry.TraceId.Should().Be(sent[7].TraceId);
        entry.InKafka.Should().BeFalse();
        entry.AcceptedAt.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (await archive.FindAsync(0, 1, Cancel)).Should().BeNull();
        foreach (
            var ofPartition in receipts.Select((receipt, index) => (receipt, sent[index].Digest)).GroupBy(one => one.receipt.Partition)
        )
        {
            var extent = extents[ofPartition.Key];
            extent.Lowest.Should().Be(ofPartition.Min(one => one.receipt.Seq));
            extent.Last.Should().Be(ofPartition.Max(one => one.receipt.Seq));
            var buckets = await archive.BucketsAsync(ofPartition.Key, 0, ulong.MaxValue, Cancel).ToListAsync(Cancel);
            buckets.Sum(bucket => bucket.Rows).Should().Be(ofPartition.Count());
            buckets
                .Aggregate(0UL, (all, bucket) => all ^ bucket.Digest)
                .Should()
                .Be(ofPartition.Aggregate(0UL, (all, one) => all ^ one.Digest));
        }
    }

    private DatabaseServer NewServer() => fixture.Server is MySqlServer ? new MySqlServer() : new MariaDbServer();

    private static string Through(string database, CommitCutter cutter) =>
        new MySqlConnectionStringBuilder(database) { Port = (uint)cutter.Port }.ConnectionString;

    private static async Task<Exception?> Outcome(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (EventLogException failure)
        {
            return failure;
        }
    }
}
