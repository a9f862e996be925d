using TestSupport;

namespace KafkaMySql.Tests;

public abstract class InboxProgressTests(DatabaseFixture database)
{
    [Fact]
    public async Task Standing_is_written_when_the_reader_is_past_the_end_as_it_was_when_the_first_record_ahead_came()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var records = log.Many(10);
        await reader.Writer.ApplyAsync(0, records[..2], 2);
        await reader.Writer.ApplyAsync(0, records[3..6], 8);
        (await reader.ProgressAsync("stalled_at")).Should().Equal(["null"], "there is more to read that may help");
        await reader.Writer.ApplyAsync(0, records[6..8], 10);
        (await reader.ProgressAsync("stalled_at IS NOT NULL")).Should().Equal(["1"], "all there was has been seen, although more has come");
        var since = await reader.ProgressAsync("stalled_at");
        await reader.Writer.ApplyAsync(0, records[8..], 10);
        (await reader.ProgressAsync("stalled_at")).Should().Equal(since);

        await reader.ApplyAsync([.. records[2..].Select(record => log.Again(record))]);
        (await reader.ProgressAsync("stalled_at")).Should().Equal("null");
        (await reader.CountAsync("events_a")).Should().Be(10);
    }

    [Fact]
    public async Task Standing_at_the_end_is_written_once_and_cleared_by_progress()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        await using var progress = InboxFaultTests.Progress(reader);
        using var watch = new InboxWatch(reader.Writer, progress, TimeProvider.System, new LogLines().For<InboxWatch>());
        var observer = new InboxPartitionObserver(reader.Writer, watch);
        var log = new InboxTestLog();
        (await observer.AssignedAsync("events", 0, CancellationToken.None)).Should().Be(0);
        await reader.ApplyAsync(log.Many(3));
        await observer.ReachedEndAsync("events", 0, 3, CancellationToken.None);
        (await reader.ProgressAsync("stalled_at")).Should().Equal("null");
        await watch.LookAsync(ask: false, CancellationToken.None);
        (await reader.ProgressAsync("stalled_at IS NULL")).Should().Equal("0");

        await reader.ApplyAsync(log.Next());
        (await reader.ProgressAsync("stalled_at")).Should().Equal("null");
        (await observer.AssignedAsync("events", 0, CancellationToken.None)).Should().Be(4);
    }

    [Fact]
    public async Task Standing_is_written_again_when_the_database_was_put_back_to_before_it()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        await using var progress = InboxFaultTests.Progress(reader);
        using var watch = new InboxWatch(reader.Writer, progress, TimeProvider.System, new LogLines().For<InboxWatch>());
        var observer = new InboxPartitionObserver(reader.Writer, watch);
        await observer.AssignedAsync("events", 0, CancellationToken.None);
        await observer.ReachedEndAsync("events", 0, 0, CancellationToken.None);
        await watch.LookAsync(ask: false, CancellationToken.None);
        await reader.ExecuteAsync("UPDATE partition_progress SET stalled_at = NULL");

        await watch.LookAsync(ask: true, CancellationToken.None);
        (await reader.ProgressAsync("stalled_at IS NULL")).Should().Equal("0");
    }

    [Fact]
    public async Task A_partition_that_waits_is_not_said_to_stand()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        await using var progress = InboxFaultTests.Progress(reader);
        using var watch = new InboxWatch(reader.Writer, progress, TimeProvider.System, new LogLines().For<InboxWatch>());
        var observer = new InboxPartitionObserver(reader.Writer, watch);
        await observer.AssignedAsync("events", 0, CancellationToken.None);
        await observer.ReachedEndAsync("events", 0, 0, CancellationToken.None);
        await watch.LookAsync(ask: false, CancellationToken.None);
        await reader.ExecuteAsync("DROP TABLE events_a");

        await reader.Invoking(r => r.ApplyAsync(new InboxTestLog().Many(3))).Should().ThrowAsync<MySqlConnector.MySqlException>();
        (await reader.ProgressAsync("stalled_at")).Should().Equal("null");
        await watch.LookAsync(ask: true, CancellationToken.None);
        (await reader.ProgressAsync("stalled_at")).Should().Equal("null");
    }

    [Fact]
    public async Task Progress_is_read_once_for_all_who_ask_within_a_second()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var progress = new InboxProgress(reader.Options, reader.Writer.Setup, clock, reader.Log.For<InboxProgress>());
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Many(3));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => progress.ReadAsync(CancellationToken.None)));
        progress.Reads.Should().Be(1);
        answers[0].Partitions.Should().HaveCount(4);
        answers[0].Partitions[0].Last.Should().Be(log.Last);
        answers[0].Should().BeEquivalentTo(new { Log = "main", Consumer = "storage" });

        clock.Advance(TimeSpan.FromMilliseconds(900));
        await progress.ReadAsync(CancellationToken.None);
        progress.Reads.Should().Be(1);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await progress.ReadAsync(CancellationToken.None);
        progress.Reads.Should().Be(2);
    }
}

[Collection(InboxOnMariaDb.Name)]
public sealed class InboxProgressOnMariaDbTests(MariaDbFixture database) : InboxProgressTests(database);

[Collection(InboxOnMySql.Name)]
public sealed class InboxProgressOnMySqlTests(MySqlFixture database) : InboxProgressTests(database);
