using System.Diagnostics;
using MassTransit.Kafka.Extensions;
using MySqlConnector;
using TestSupport;

namespace KafkaMySql.Tests;

public abstract class InboxFaultTests(DatabaseFixture database)
{
    [Fact]
    public async Task A_holder_of_the_fence_that_vanishes_stops_nobody_for_more_than_6_seconds_and_times_are_from_after_the_wait()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Next());
        // What a frozen process looks like to the server: a session as the writers have it, inside its transaction, silent.
        await using var frozen = new MySqlConnection(reader.ConnectionString + ";Pooling=false");
        await frozen.OpenAsync();
        await using var hold = new MySqlCommand(
            "SET SESSION wait_timeout=5; BEGIN; SELECT last_seq FROM partition_progress WHERE consumer='storage' AND partition_no=0 FOR UPDATE",
            frozen
        );
        await hold.ExecuteNonQueryAsync();

        var clock = Stopwatch.StartNew();
        await reader.ApplyAsync(log.Next());
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(3)).And.BeLessThan(TimeSpan.FromSeconds(6));
        (await reader.ListAsync("SELECT TIMESTAMPDIFF(MICROSECOND, MIN(at), MAX(at)) FROM events_a"))
            .Select(long.Parse)
            .Single()
            .Should()
            .BeGreaterThan(3_000_000, "the clock is read after the lock was had");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_cut_at_commit_costs_nothing_and_doubles_nothing(bool committed)
    {
        await using var proxy = new CommitCutter(database.Server.Port, "UPDATE partition_progress SET last_seq");
        await using var direct = await InboxTestReader.StartAsync(database.Server);
        await using var reader = InboxTestReader.On(database.Server, database.Server.ConnectionString(direct.Database, proxy.Port));
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Many(3));

        if (committed)
            proxy.CutAfterCommit();
        else
            proxy.CutBeforeCommit();
        await ApplyUntilTakenAsync(reader, log.Many(50));

        proxy.Cuts.Should().Be(1);
        (await direct.TextsAsync()).Should().Equal(Enumerable.Range(0, 53).Select(number => $"main-0-{number}"));
        (await direct.ProgressAsync("CONCAT_WS('/', last_seq, applied, next_row)")).Should().Equal($"{log.Last}/53/54");
    }

    [Fact]
    public async Task Sessions_killed_all_the_time_lose_and_double_nothing()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        using var stop = new CancellationTokenSource();
        var killing = KillAllAsync(reader, stop.Token);
        for (var batch = 0; batch < 60; batch++)
            await ApplyUntilTakenAsync(reader, log.Many(20));
        await stop.CancelAsync();
        var killed = await killing;

        killed.Should().BePositive();
        (await reader.TextsAsync()).Should().Equal(Enumerable.Range(0, 1200).Select(number => $"main-0-{number}"));
        (await reader.ProgressAsync("CONCAT_WS('/', applied, dead)")).Should().Equal("1200/0");
    }

    [Fact]
    public async Task A_missing_column_is_waited_for_is_told_once_and_is_no_records_fault()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Next());
        await reader.ExecuteAsync("ALTER TABLE events_a DROP COLUMN number");
        var records = log.Many(5);
        for (var i = 0; i < 3; i++)
            await reader.Invoking(r => r.ApplyAsync(records)).Should().ThrowAsync<MySqlException>();

        reader.Figures().Waiting.Should().Contain("number");
        reader.Log.Count(2200).Should().Be(1);
        (await reader.CountAsync("dead_letter")).Should().Be(0);

        await reader.ExecuteAsync("ALTER TABLE events_a ADD COLUMN number SMALLINT NOT NULL DEFAULT 0");
        await reader.ApplyAsync(records);
        reader.Figures().Waiting.Should().BeNull();
        reader.Log.Count(2201).Should().Be(1);
        (await reader.CountAsync("events_a")).Should().Be(6);
    }

    [Fact]
    public async Task A_database_put_back_to_yesterday_takes_again_what_it_lacks()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Many(10));
        await reader.ExecuteAsync("CREATE TABLE backup_progress AS SELECT * FROM partition_progress");
        var lost = log.Many(10);
        await reader.ApplyAsync(lost);
        await reader.ExecuteAsync(
            "DELETE FROM events_a WHERE row_no > 10; DELETE FROM partition_progress; INSERT INTO partition_progress SELECT * FROM backup_progress"
        );

        var next = log.Many(5);
        await reader.ApplyAsync(next);
        (await reader.CountAsync("events_a")).Should().Be(10, "what lies between is missing, so nothing after it may be taken");
        // What the relay does when it sees the reader's last.
        await reader.ApplyAsync([.. lost.Concat(next).Select(record => log.Again(record))]);

        (await reader.TextsAsync()).Should().Equal(Enumerable.Range(0, 25).Select(number => $"main-0-{number}"));
    }

    [Fact]
    public async Task A_database_emptied_while_it_is_read_begins_again_at_nothing()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        await using var progress = Progress(reader);
        var log = new InboxTestLog();
        var records = log.Many(10);
        await reader.ApplyAsync(records);
        await database.Server.ExecuteAsync($"DROP DATABASE {reader.Database}; CREATE DATABASE {reader.Database}");
        await reader.ExecuteAsync(new InboxTestTable("events_a").Create);

        (await progress.ReadAsync(CancellationToken.None)).Partitions.Select(partition => partition.Last).Should().Equal(0, 0, 0, 0);
        await ApplyUntilTakenAsync(reader, [.. records.Select(record => log.Again(record))]);
        (await reader.CountAsync("events_a")).Should().Be(10);
    }

    [Fact]
    public async Task Two_processes_that_both_believe_to_own_a_partition_store_each_event_once()
    {
        await using var one = await InboxTestReader.StartAsync(database.Server);
        await using var two = one.Other();
        var log = new InboxTestLog();
        var batches = Enumerable.Range(0, 30).Select(_ => log.Many(20)).ToArray();
        await Task.WhenAll(new[] { one, two }.Select(reader => ApplyAllAsync(reader, batches)));

        (await one.TextsAsync()).Should().Equal(Enumerable.Range(0, 600).Select(number => $"main-0-{number}"));
        (await one.ListAsync("SELECT MAX(row_no) FROM events_a")).Should().Equal("600");
    }

    [Fact]
    public async Task Times_never_fall_when_the_databases_clock_steps_back()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Next());
        await reader.ExecuteAsync("UPDATE partition_progress SET last_at = '2099-01-01 00:00:00.000001' WHERE partition_no = 0");
        await reader.ApplyAsync(log.Next());
        await reader.ApplyAsync(log.Next());

        (await reader.ListAsync("SELECT at FROM events_a ORDER BY row_no"))[1..]
            .Should()
            .Equal("2099-01-01 00:00:00.000001", "2099-01-01 00:00:00.000001");
    }

    [Fact]
    public async Task A_database_that_is_away_is_waited_for_and_found_again()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Next());
        await using var away = await database.Server.AwayAsync();
        var records = log.Many(5);
        await reader.Invoking(r => r.ApplyAsync(records)).Should().ThrowAsync<Exception>();
        reader.Figures().Waiting.Should().NotBeNull();

        await away.DisposeAsync();
        await ApplyUntilTakenAsync(reader, records);
        (await reader.CountAsync("events_a")).Should().Be(6);
        reader.Figures().Waiting.Should().BeNull();
    }

    internal static InboxProgress Progress(InboxTestReader reader) =>
        new(reader.Options, reader.Writer.Setup, TimeProvider.System, reader.Log.For<InboxProgress>());

    // What the rider does with a partition that is held.
    internal static Task ApplyUntilTakenAsync(InboxTestReader reader, RawRecord[] records) =>
        Eventually.HoldsAsync(
            async () =>
            {
                await reader.ApplyAsync(records);
                return true;
            },
            "the batch is taken"
        );

    private static async Task ApplyAllAsync(InboxTestReader reader, RawRecord[][] batches)
    {
        foreach (var batch in batches)
            await ApplyUntilTakenAsync(reader, batch);
    }

    private static async Task<int> KillAllAsync(InboxTestReader reader, CancellationToken cancellationToken)
    {
        var killed = 0;
        await using var connection = new MySqlConnection(reader.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(CancellationToken.None);
        while (!cancellationToken.IsCancellationRequested)
        {
            var sessions = await reader.ListAsync(
                $"SELECT id FROM information_schema.processlist WHERE db = '{reader.Database}' AND id NOT IN (CONNECTION_ID(), {connection.ServerThread})"
            );
            foreach (var session in sessions)
            {
                try
                {
                    await using var kill = new MySqlCommand($"KILL {session}", connection);
                    await kill.ExecuteNonQueryAsync(CancellationToken.None);
                    killed++;
                }
                catch (MySqlException exception) when (exception.Number == 1094)
                {
                    // It went by itself.
                }
            }
            await Task.Delay(40, CancellationToken.None);
        }
        return killed;
    }
}

[Collection(InboxOnMariaDb.Name)]
public sealed class InboxFaultOnMariaDbTests(MariaDbFixture database) : InboxFaultTests(database);

[Collection(InboxOnMySql.Name)]
public sealed class InboxFaultOnMySqlTests(MySqlFixture database) : InboxFaultTests(database);
