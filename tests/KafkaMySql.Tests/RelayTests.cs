using System.Text;
using Confluent.Kafka;
using MySqlConnector;
using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>The relay with a real log and a real broker.</summary>
[Collection(RelayOnKafka.Name)]
public sealed class RelayTests(MariaDbFixture mariaDb, KafkaFixture kafka)
{
    private readonly string _topic = $"events-{Guid.NewGuid():N}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Bootstrap => kafka.Server.BootstrapServers;

    private Task<LogProcess> StartAsync(string database, params ReaderStub[] readers) => StartAsync(database, null, readers);

    private Task<LogProcess> StartAsync(string database, Action<OutboxOptions>? configure, params ReaderStub[] readers) =>
        LogProcess.StartAsync(
            database,
            options =>
            {
                options.BootstrapServers = Bootstrap;
                options.Topic = _topic;
                options.Relay = true;
                foreach (var (reader, number) in readers.Select((reader, number) => (reader, number)))
                    options.Readers.Add(new LogReader { Name = $"reader{number}", Url = reader.Url });
                configure?.Invoke(options);
            }
        );

    private static async Task<List<string>> AppendAsync(LogProcess process, int count, string prefix = "event")
    {
        var traces = new List<string>();
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
        {
            var outcomes = await process.Log.AppendManyAsync(
                [.. chunk.Select(number => LogProcess.Event($"{number % 37}", $"{prefix} {number} Größe 🏠"))],
                Cancel
            );
            traces.AddRange(outcomes.Select(outcome => outcome.Receipt!.TraceId));
        }

        return traces;
    }

    private static Task HasAllAsync(ReaderStub reader, List<string> traces, TimeSpan? within = null) =>
        Eventually.HoldsAsync(
            () => traces.ToHashSet().IsSubsetOf(reader.All.Select(taken => taken.TraceId)),
            $"the reader has all {traces.Count} events",
            within ?? TimeSpan.FromSeconds(40)
        );

    private static async Task MustEqualTheLogAsync(ReaderStub reader, string database)
    {
        var all = reader.All;
        for (var partition = 0; partition < 4; partition++)
        {
            var rows = await LogTable.RowsAsync(database, partition);
            all.Where(taken => taken.Partition == partition)
                .Select(taken => (taken.Seq, taken.TraceId))
                .Should()
                .Equal(rows.Select(row => (row.Seq, row.TraceId)), "a reader has the log's rows in the log's order, each once");
        }
    }

    [Fact]
    public async Task Every_event_reaches_the_topic_in_the_logs_order_with_its_bytes_and_headers()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(Bootstrap, _topic);
        await using var process = await StartAsync(database, reader);
        var sent = LogProcess.Event("ключ", "{\"größe\":\"🏠\"}");

        await process.Log.AppendAsync(sent, Cancel);
        var traces = await AppendAsync(process, 5_000);

        await HasAllAsync(reader, [.. traces, sent.TraceId]);
        await MustEqualTheLogAsync(reader, database);
        var taken = reader.All.Single(one => one.TraceId == sent.TraceId);
        taken.Key.Should().Equal(sent.Key.ToArray());
        taken.Value.Should().Equal(sent.Value.ToArray());
        reader.Repeats.Should().Be(0, "nothing failed");
        foreach (var partition in reader.All.GroupBy(one => one.Partition))
            partition.Zip(partition.Skip(1)).Should().OnlyContain(pair => pair.Second.After == pair.First.Seq);
    }

    [Fact]
    public async Task A_keys_partition_is_the_one_Kafkas_default_partitioner_gives_it()
    {
        await mariaDb.Server.NewDatabaseAsync();
        await kafka.Server.CommandAsync("topics", "--create", "--topic", _topic, "--partitions", "7");
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = Bootstrap, Partitioner = Partitioner.Murmur2Random }
        ).Build();
        var random = new Random(7);
        var keys = Enumerable
            .Range(0, 300)
            .Select(number => Enumerable.Range(0, 1 + (number % 40)).Select(_ => (byte)random.Next(256)).ToArray())
            .ToList();

        var results = await Task.WhenAll(
            keys.Select(key => producer.ProduceAsync(_topic, new Message<byte[], byte[]> { Key = key, Value = [1] }, Cancel))
        );

        results.Select(result => result.Partition.Value).Should().Equal(keys.Select(key => KafkaPartitioner.PartitionOf(key, 7)));
    }

    [Fact]
    public async Task An_idle_relay_delivers_a_single_event_within_milliseconds()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(Bootstrap, _topic);
        await using var process = await StartAsync(database, reader);
        await HasAllAsync(reader, await AppendAsync(process, 50));

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var trace = (await process.AppendAsync("k", "single")).TraceId;
        await HasAllAsync(reader, [trace]);

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromMilliseconds(700), "it does not wait for a poll");
    }

    [Fact]
    public async Task Two_nodes_share_the_partitions_and_each_takes_over_all_when_the_other_ends()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(Bootstrap, _topic);
        await using var one = await StartAsync(database, reader);
        await Eventually.HoldsAsync(() => Owned(one) == 4, "the first has all");
        await using var other = await StartAsync(database, reader);
        await Eventually.HoldsAsync(() => Owned(one) == 2 && Owned(other) == 2, "they share");
        var traces = await AppendAsync(one, 1_000);
        traces.AddRange(await AppendAsync(other, 1_000));
        await HasAllAsync(reader, traces);

        await one.StopAsync();

        await Eventually.HoldsAsync(() => Owned(other) == 4, "what was given back is taken at once", TimeSpan.FromSeconds(3));
        traces.AddRange(await AppendAsync(other, 500));
        await HasAllAsync(reader, traces);
        await MustEqualTheLogAsync(reader, database);
    }

    private static int Owned(LogProcess process) => process.State.Partitions.Count(partition => partition.OwnedHere);

    [Fact]
    public async Task A_node_that_does_not_relay_has_its_events_relayed_and_the_owner_is_nudged()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(Bootstrap, _topic);
        await using var nudged = new NudgeStub();
        await using var owner = await StartAsync(database, options => options.Url = nudged.Url, reader);
        nudged.Target = owner.Get<IRelayNudge>();
        await Eventually.HoldsAsync(() => Owned(owner) == 4, "it owns all");
        await using var writer = await StartAsync(database, options => options.Relay = false, reader);
        await Eventually.HoldsAsync(() => writer.State.Partitions.Count == 4, "the writer knows the owner");

        var traces = await AppendAsync(writer, 200);

        await HasAllAsync(reader, traces);
        nudged.Count.Should().BePositive();
        Owned(writer).Should().Be(0);
    }

    [Fact]
    public async Task A_frozen_owner_is_replaced_within_five_seconds_and_its_late_batch_harms_nobody()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var cutter = new CommitCutter(mariaDb.Server.Port);
        await using var reader = new ReaderStub(Bootstrap, _topic);
        await using var owner = await StartAsync(Through(database, cutter), reader);
        await Eventually.HoldsAsync(() => Owned(owner) == 4, "it owns all");
        await using var heir = await StartAsync(database, reader);
        await Eventually.HoldsAsync(() => Owned(heir) == 2, "they share");
        var traces = await AppendAsync(heir, 500);
        await HasAllAsync(reader, traces);

        cutter.GoDark();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.HoldsAsync(() => Owned(heir) == 4, "the heir takes over");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(6));
        Owned(owner).Should().Be(0, "it stopped by its own clock before that");
        traces.AddRange(await AppendAsync(heir, 500, "after takeover"));
        await HasAllAsync(reader, traces);
        // What a zombie still sends is a repeat, or ahead: rows the heir sent long ago.
        await ProduceLateAsync(await LogTable.RowsAsync(database, 0), 0);
        cutter.GoOn();

        await Eventually.HoldsAsync(() => Owned(owner) == 2, "the thawed one takes part again", TimeSpan.FromSeconds(25));
        traces.AddRange(await AppendAsync(owner, 300, "after thaw"));
        await HasAllAsync(reader, traces);
        await MustEqualTheLogAsync(reader, database);
        await LogTable.MustBeAChainAsync(database);
    }

    private async Task ProduceLateAsync(IReadOnlyList<LogRow> rows, int partition)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = Bootstrap }).Build();
        foreach (var row in rows)
            producer.Produce(
                new TopicPartition(_topic, partition),
                new Message<byte[], byte[]>
                {
                    Key = row.Key,
                    Value = row.Value,
                    Headers = new Headers
                    {
                        { LogHeaders.Log, "main"u8.ToArray() },
                        { LogHeaders.Seq, Encoding.ASCII.GetBytes($"{row.Seq}") },
                        { LogHeaders.After, Encoding.ASCII.GetBytes($"{row.After}") },
                        { LogHeaders.TraceId, Encoding.ASCII.GetBytes(row.TraceId) },
                    },
                }
            );
        await Task.Run(() => producer.Flush(Cancel));
    }

    [Fact]
    public async Task A_reader_whose_database_fell_back_gets_everything_again()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(Bootstrap, _topic);
        await using var other = new ReaderStub(Bootstrap, _topic);
        await using var process = await StartAsync(database, reader, other);
        var traces = await AppendAsync(process, 2_000);
        await HasAllAsync(reader, traces);
        await HasAllAsync(other, traces);

        reader.FallBackTo(100);

        await HasAllAsync(reader, traces);
        traces.AddRange(await AppendAsync(process, 200, "later"));
        await HasAllAsync(reader, traces);
        await HasAllAsync(other, traces);
        await MustEqualTheLogAsync(reader, database);
        await MustEqualTheLogAsync(other, database);
        other.Repeats.Should().BePositive("it saw what was sent again for the first");
    }

    [Fact]
    public async Task A_topic_deleted_and_created_anew_is_filled_again_from_what_the_readers_lack()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var process = await StartAsync(database);
        var traces = await AppendAsync(process, 1_000);
        await Eventually.HoldsAsync(() => process.State.Partitions.All(partition => partition.Acked == partition.Head), "all is sent");
        await process.StopAsync();

        await kafka.Server.CommandAsync("topics", "--delete", "--topic", _topic);
        await Eventually.HoldsAsync(
            async () => !(await kafka.Server.CommandAsync("topics", "--list")).Contains(_topic, StringComparison.Ordinal),
            "the topic is gone"
        );
        await kafka.Server.CommandAsync("topics", "--create", "--topic", _topic, "--partitions", "4");
        await using var reader = new ReaderStub(Bootstrap, _topic);
        await using var again = await StartAsync(database, reader);
        traces.AddRange(await AppendAsync(again, 100, "later"));

        await HasAllAsync(reader, traces);
        await MustEqualTheLogAsync(reader, database);
    }

    [Fact]
    public async Task A_topic_deleted_while_the_relay_runs_is_made_again_and_filled()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var process = await StartAsync(database);
        await AppendAsync(process, 200);
        await Eventually.HoldsAsync(
            () => process.State.Partitions.Count == 4 && process.State.Partitions.All(partition => partition.Acked == partition.Head),
            "all is sent"
        );

        await kafka.Server.CommandAsync("topics", "--delete", "--topic", _topic);
        var more = await AppendAsync(process, 300, "later");

        await Eventually.HoldsAsync(
            () => process.State.Partitions.All(partition => partition.Acked == partition.Head),
            "the rest is sent to the new topic",
            TimeSpan.FromSeconds(60)
        );
        more.Should().HaveCount(300);
    }

    [Fact]
    public async Task A_reader_added_late_gets_the_log_from_its_first_row_also_where_old_rows_are_gone()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        var traces = new List<string>();
        await using (var process = await StartAsync(database))
        {
            traces.AddRange(await AppendAsync(process, 600));
            await Eventually.HoldsAsync(
                () => process.State.Partitions.Count == 4 && process.State.Partitions.All(partition => partition.Acked == partition.Head),
                "all is sent"
            );
        }

        // The first rows were removed and the topic keeps nothing of them.
        await LogTable.ExecuteAsync(
            database,
            "DELETE FROM event_log WHERE seq < (SELECT * FROM (SELECT MIN(seq) + 50 FROM event_log) lowest)"
        );
        await kafka.Server.CommandAsync("topics", "--delete", "--topic", _topic);
        await Eventually.HoldsAsync(
            async () => !(await kafka.Server.CommandAsync("topics", "--list")).Contains(_topic, StringComparison.Ordinal),
            "the topic is gone"
        );
        await using var late = new ReaderStub(Bootstrap, _topic);
        await using var again = await StartAsync(database, late);

        var left = (await LogTable.RowsAsync(database)).Select(row => row.TraceId).ToList();
        left.Count.Should().BeLessThan(traces.Count);
        await HasAllAsync(late, left);
        await MustEqualTheLogAsync(late, database);
        var first = late.All.GroupBy(taken => taken.Partition).Select(lane => lane.First()).ToList();
        first.Should().OnlyContain(taken => taken.After == 0);
        first.Should().Contain(taken => taken.Expired != null && taken.Expired != "0", "the reader learns what it will never get");
    }

    [Fact]
    public async Task The_log_emptied_goes_on_above_what_the_readers_have()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(Bootstrap, _topic);
        var traces = new List<string>();
        await using (var process = await StartAsync(database, reader))
        {
            traces.AddRange(await AppendAsync(process, 300));
            await HasAllAsync(reader, traces);
        }

        var name = new MySqlConnectionStringBuilder(database).Database;
        await mariaDb.Server.ExecuteAsync($"DROP DATABASE {name}; CREATE DATABASE {name}");
        await using var again = await StartAsync(database, reader);
        await Eventually.HoldsAsync(() => again.State.ReaderAhead, "the state says that a reader is ahead");
        var later = await AppendAsync(again, 300, "later");

        await HasAllAsync(reader, later);
        await Eventually.HoldsAsync(() => !again.State.ReaderAhead, "all is well again");
        List<string> there = [.. reader.All.Select(taken => taken.TraceId)];
        Ids.AreUnique(there);
        Ids.Contain(there, traces);
    }

    [Fact]
    public async Task A_sick_reader_does_not_hold_the_others_back_and_gets_its_part_when_it_is_well()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var sick = new ReaderStub(Bootstrap, _topic) { IsSick = true };
        await using var well = new ReaderStub(Bootstrap, _topic);
        await using var process = await StartAsync(database, options => options.MaxLeadRows = 100, sick, well);
        var traces = await AppendAsync(process, 3_000);

        await HasAllAsync(well, traces, TimeSpan.FromSeconds(60));
        sick.IsSick = false;

        await HasAllAsync(sick, traces);
        await MustEqualTheLogAsync(sick, database);
    }

    [Fact]
    public async Task The_relay_stays_close_before_its_slowest_reader_when_told_so()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(Bootstrap, _topic) { IsSick = true };
        await using var process = await StartAsync(database, options => options.MaxLeadRows = 50, reader);
        await Eventually.HoldsAsync(() => process.State.Readers is [{ Partitions.Count: 4 }], "the reader answered");

        await AppendAsync(process, 1_200);

        // For ten seconds a reader that had everything counts as healthy.
        await Task.Delay(TimeSpan.FromSeconds(3), Cancel);
        var sent = 0L;
        for (var partition = 0; partition < 4; partition++)
            sent += (await LogTable.RowsAsync(database, partition)).Count(row => row.Seq <= process.State.Partitions[partition].Sent);
        sent.Should().BeInRange(1, 200);
        reader.IsSick = false;
        await Eventually.HoldsAsync(() => reader.All.Count == 1_200, "then it gets all", TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task Old_rows_go_only_when_every_reader_has_them()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var well = new ReaderStub(Bootstrap, _topic);
        await using var sick = new ReaderStub(Bootstrap, _topic) { IsSick = true };
        await using var process = await StartAsync(
            database,
            options =>
            {
                options.Retention = TimeSpan.FromSeconds(1);
                options.CleanupInterval = TimeSpan.FromMilliseconds(100);
            },
            well,
            sick
        );
        var traces = await AppendAsync(process, 400);
        await HasAllAsync(well, traces);
        await Task.Delay(TimeSpan.FromSeconds(4), Cancel);
        (await LogTable.CountAsync(database, "event_log")).Should().Be(400, "one reader has nothing yet");

        sick.IsSick = false;

        await HasAllAsync(sick, traces);
        await Eventually.HoldsAsync(async () => await LogTable.CountAsync(database, "event_log") == 0, "the old rows are gone");
        traces = await AppendAsync(process, 50, "later");
        await HasAllAsync(sick, traces);
        await HasAllAsync(well, traces);
    }

    [Fact]
    public async Task Nothing_is_removed_while_nodes_disagree_about_the_readers()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(Bootstrap, _topic);
        await using var added = new ReaderStub(Bootstrap, _topic);
        void Fast(OutboxOptions options)
        {
            options.Retention = TimeSpan.FromSeconds(1);
            options.CleanupInterval = TimeSpan.FromMilliseconds(100);
        }

        await using var old = await StartAsync(database, Fast, reader);
        var withNew = await StartAsync(database, Fast, reader, added);
        await Eventually.HoldsAsync(() => Owned(old) == 2 && Owned(withNew) == 2, "they share");
        var traces = await AppendAsync(old, 200);
        await HasAllAsync(reader, traces);
        await HasAllAsync(added, traces);
        await Task.Delay(TimeSpan.FromSeconds(4), Cancel);
        (await LogTable.CountAsync(database, "event_log")).Should().Be(200);

        await withNew.DisposeAsync();

        await Eventually.HoldsAsync(async () => await LogTable.CountAsync(database, "event_log") == 0, "one list again, and the rows go");
    }

    [Fact]
    public async Task Old_rows_in_place_of_a_restored_log_are_sent_to_a_reader_that_lacks_them()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        var name = new MySqlConnectionStringBuilder(database).Database;
        await using var reader = new ReaderStub(Bootstrap, _topic);
        var traces = new List<string>();
        await using (var process = await StartAsync(database, reader))
        {
            traces.AddRange(await AppendAsync(process, 300));
            await HasAllAsync(reader, traces);
        }

        // A dump is taken; what comes after it is lost from the log and stays in the reader.
        await mariaDb.Server.ExecuteAsync(
            $"CREATE TABLE {name}.dump_log AS SELECT * FROM {name}.event_log; CREATE TABLE {name}.dump_head AS SELECT * FROM {name}.partition_head"
        );
        await using (var process = await StartAsync(database, reader))
        {
            traces.AddRange(await AppendAsync(process, 200, "lost"));
            await HasAllAsync(reader, traces);
        }

        await mariaDb.Server.ExecuteAsync(
            $"DELETE FROM {name}.event_log; INSERT INTO {name}.event_log SELECT * FROM {name}.dump_log; "
                + $"DELETE FROM {name}.partition_head; INSERT INTO {name}.partition_head SELECT * FROM {name}.dump_head"
        );
        await using var restored = await StartAsync(database, reader);
        var later = await AppendAsync(restored, 300, "later");

        await HasAllAsync(reader, later);
        List<string> there = [.. reader.All.Select(taken => taken.TraceId)];
        Ids.AreUnique(there);
        Ids.Contain(there, traces);
        await LogTable.MustBeAChainAsync(database);
    }

    [Fact]
    public async Task Without_Kafka_events_are_accepted_up_to_the_cap_and_sent_when_it_is_back()
    {
        await using var broker = new KafkaServer(1, "num.partitions=4");
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var process = await StartAsync(
            database,
            options =>
            {
                options.BootstrapServers = broker.BootstrapServers;
                options.MaxBacklogRows = 2_000;
            }
        );

        var traces = await AppendAsync(process, 2_500);
        EventLogException? refusal = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await process.AppendAsync("k", "over the cap");
                }
                catch (LogBacklogException full)
                {
                    refusal = full;
                }

                return refusal is not null;
            },
            "the cap is reached"
        );
        refusal!.RetryAfter.Should().BePositive();
        process.State.BacklogRows.Should().BeGreaterThanOrEqualTo(2_000);
        process.State.BacklogAge.Should().BePositive();
        await Eventually.HoldsAsync(() => process.State.KafkaTrouble is not null, "the state names Kafka");

        await broker.StartAsync();

        await using var reader = new ReaderStub(broker.BootstrapServers, _topic);
        await HasAllAsync(reader, traces, TimeSpan.FromSeconds(60));
        await Eventually.HoldsAsync(() => process.State is { BacklogRows: 0, KafkaTrouble: null }, "the backlog is gone");
        await process.AppendAsync("k", "accepted again");
    }

    [Fact]
    public async Task A_broker_killed_in_the_middle_costs_no_event()
    {
        await using var broker = new KafkaServer(1, "num.partitions=4");
        await broker.StartAsync();
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(broker.BootstrapServers, _topic);
        await using var process = await StartAsync(database, options => options.BootstrapServers = broker.BootstrapServers, reader);
        var traces = await AppendAsync(process, 2_000);
        await Eventually.HoldsAsync(() => reader.All.Count > 100, "events flow");

        await broker.KillAsync();
        traces.AddRange(await AppendAsync(process, 2_000, "meanwhile"));
        await broker.StartAsync();
        traces.AddRange(await AppendAsync(process, 500, "afterwards"));

        await HasAllAsync(reader, traces, TimeSpan.FromSeconds(90));
        await MustEqualTheLogAsync(reader, database);
    }

    [Fact]
    public async Task The_database_restarted_in_the_middle_stops_nothing_for_good()
    {
        await using var server = new MariaDbServer();
        await server.StartAsync();
        var database = await server.NewDatabaseAsync();
        await using var reader = new ReaderStub(Bootstrap, _topic);
        await using var process = await StartAsync(database, reader);
        var traces = await AppendAsync(process, 1_000);

        await server.KillAsync();
        await server.StartAsync();
        List<string>? more = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                more = [(await process.AppendAsync("k", "again")).TraceId];
                return true;
            },
            "events are accepted again"
        );

        await HasAllAsync(reader, [.. traces, .. more!]);
        await MustEqualTheLogAsync(reader, database);
    }

    [Fact]
    public async Task A_topic_with_too_few_partitions_gets_the_rest()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await kafka.Server.CommandAsync("topics", "--create", "--topic", _topic, "--partitions", "1");
        await using var process = await StartAsync(database);
        await using var reader = new ReaderStub(Bootstrap, _topic);

        await HasAllAsync(reader, await AppendAsync(process, 300));
    }

    private static string Through(string database, CommitCutter cutter) =>
        new MySqlConnectionStringBuilder(database) { Port = (uint)cutter.Port }.ConnectionString;
}
