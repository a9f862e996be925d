using MySqlConnector;
using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>A reader that leaves most events alone: what is not written of its progress is never taken for read.</summary>
[Collection(InboxOnMariaDb.Name)]
public sealed class InboxPassingTests(MariaDbFixture database)
{
    [Fact]
    public async Task What_no_table_takes_is_passed_without_a_write_and_counted_with_the_next_that_is_taken()
    {
        await using var reader = await StartAsync();
        var log = new InboxTestLog();
        await BeginAsync(reader);
        await reader.ApplyAsync(Take(log));
        await reader.ApplyAsync(log.Many(5));
        await reader.ApplyAsync(log.Many(5));
        reader.Figures().Last.Should().Be(log.Last);
        reader.Figures().Batches.Should().Be(1);
        (await reader.ProgressAsync("applied")).Should().Equal("1");

        await reader.ApplyAsync([.. log.Many(2), Take(log), log.Next()]);

        (await reader.ProgressAsync("CONCAT(last_seq, ' ', next_row, ' ', applied)")).Should().Equal($"{log.Last} 16 15");
        (await reader.ListAsync("SELECT row_no FROM events_a ORDER BY row_no")).Should().Equal("1", "14");
    }

    [Fact]
    public async Task What_was_not_written_is_read_again_by_the_next_process()
    {
        await using var reader = await StartAsync();
        var log = new InboxTestLog();
        await BeginAsync(reader);
        var records = new[] { Take(log), log.Next(), log.Next(), Take(log) };
        await reader.ApplyAsync(records[0]);
        await reader.ApplyAsync(records[1..3]);

        await using var next = reader.Other(Passing);
        (await BeginAsync(next)).Should().Be(1, "so far the progress was written");
        await next.ApplyAsync(records[1..]);
        await reader.ApplyAsync(records[3]);

        (await next.ProgressAsync("CONCAT(last_seq, ' ', applied)")).Should().Equal($"{log.Last} 4");
        (await reader.CountAsync("events_a")).Should().Be(2);
    }

    [Fact]
    public async Task What_was_passed_means_nothing_once_somebody_else_has_moved_the_row()
    {
        await using var reader = await StartAsync();
        var log = new InboxTestLog();
        await BeginAsync(reader);
        var records = new[] { Take(log), log.Next(), log.Next(), log.Next(), Take(log) };
        await reader.ApplyAsync(records[0]);
        await reader.ApplyAsync(records[1..4]);
        // The database is put back to a state in which not even the first was taken.
        await reader.ExecuteAsync("UPDATE partition_progress SET last_seq = 0, next_row = 1, next_offset = 0, applied = 0");
        await reader.ExecuteAsync("DELETE FROM events_a");

        await reader.ApplyAsync(records[4]);
        (await reader.ProgressAsync("last_seq")).Should().Equal("0");
        (await reader.CountAsync("events_a")).Should().Be(0);
        await reader.ApplyAsync(records);

        (await reader.ProgressAsync("CONCAT(last_seq, ' ', applied)")).Should().Equal($"{log.Last} 5");
        (await reader.CountAsync("events_a")).Should().Be(2);
    }

    [Fact]
    public async Task A_reader_that_comes_to_rest_writes_how_far_it_has_come_and_that_it_stands()
    {
        await using var reader = await StartAsync();
        await using var progress = InboxFaultTests.Progress(reader);
        using var watch = new InboxWatch(reader.Writer, progress, TimeProvider.System, new LogLines().For<InboxWatch>());
        var observer = new InboxPartitionObserver(reader.Writer, watch);
        var log = new InboxTestLog();
        await observer.AssignedAsync("events", 0, CancellationToken.None);
        await reader.ApplyAsync(Take(log));
        await reader.ApplyAsync(log.Many(3));
        await observer.ReachedEndAsync("events", 0, 4, CancellationToken.None);

        (await watch.LookAsync(ask: false, CancellationToken.None)).Should().BeTrue("there is something to be written, in a moment");
        await Eventually.HoldsAsync(async () => !await watch.LookAsync(ask: false, CancellationToken.None), "it is written");

        (await reader.ProgressAsync("CONCAT(last_seq, ' ', next_offset, ' ', stalled_at IS NOT NULL)")).Should().Equal($"{log.Last} 4 1");
    }

    [Fact]
    public async Task A_reader_that_stands_after_repeats_says_at_which_offset()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        await using var progress = InboxFaultTests.Progress(reader);
        using var watch = new InboxWatch(reader.Writer, progress, TimeProvider.System, new LogLines().For<InboxWatch>());
        var observer = new InboxPartitionObserver(reader.Writer, watch);
        var log = new InboxTestLog();
        var records = log.Many(3);
        await observer.AssignedAsync("events", 0, CancellationToken.None);
        await reader.ApplyAsync(records);
        await reader.ApplyAsync([.. records.Select(record => log.Again(record))]);
        (await reader.ProgressAsync("next_offset")).Should().Equal("3");

        await observer.ReachedEndAsync("events", 0, 6, CancellationToken.None);
        await watch.LookAsync(ask: false, CancellationToken.None);

        (await reader.ProgressAsync("CONCAT(next_offset, ' ', stalled_at IS NOT NULL)")).Should().Equal("6 1");
    }

    private static MassTransit.Kafka.Extensions.RawRecord Take(InboxTestLog log) => log.Next("a", "take");

    private Task<InboxTestReader> StartAsync() => InboxTestReader.StartAsync(database.Server, Passing);

    private static void Passing(InboxOptions options)
    {
        options.ProgressInterval = TimeSpan.FromSeconds(1);
        options.Tables[1] = new PickyTable(options.Tables[1]);
    }

    private static Task<long> BeginAsync(InboxTestReader reader) => reader.Writer.BeginAsync(0, CancellationToken.None);

    /// <summary>Takes only what says so.</summary>
    private sealed class PickyTable(IInboxTable table) : IInboxTable
    {
        public bool Takes(InboxEvent read) => ((InboxTestMessage)read.Message).Text == "take";

        public Task InsertAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken) =>
            events.Where(Takes).ToList() is { Count: > 0 } taken
                ? table.InsertAsync(connection, taken, cancellationToken)
                : Task.CompletedTask;

        public Task<IReadOnlyDictionary<string, ulong>> DigestsAsync(
            MySqlConnection connection,
            IReadOnlyCollection<string> traceIds,
            CancellationToken cancellationToken
        ) => table.DigestsAsync(connection, traceIds, cancellationToken);

        public Task AdoptAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken) =>
            table.AdoptAsync(connection, events, cancellationToken);
    }
}
