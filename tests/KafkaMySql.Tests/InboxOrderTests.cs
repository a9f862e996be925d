using TestSupport;

namespace KafkaMySql.Tests;

public abstract class InboxOrderTests(DatabaseFixture database)
{
    [Fact]
    public async Task A_batch_is_stored_in_the_logs_order_with_one_time_and_rising_row_numbers()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Many(500));

        (await reader.TextsAsync()).Should().Equal(Enumerable.Range(0, 500).Select(number => $"main-0-{number}"));
        (await reader.ListAsync("SELECT DISTINCT at FROM events_a")).Should().ContainSingle();
        (await reader.ListAsync("SELECT MAX(row_no) FROM events_a")).Should().Equal("500");
        (await reader.CountAsync("events_a WHERE bucket <> seq DIV 4096")).Should().Be(0);
        (await reader.ProgressAsync("CONCAT_WS('/', last_seq, next_row, next_offset, applied, dead, parked)"))
            .Should()
            .Equal($"{log.Last}/501/500/500/0/0");
    }

    [Fact]
    public async Task Types_go_to_their_own_tables_and_share_the_row_numbers()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Next("a"), log.Next("b"), log.Next("a"), log.Next("b"));

        (await reader.ListAsync("SELECT row_no FROM events_a ORDER BY row_no")).Should().Equal("1", "3");
        (await reader.ListAsync("SELECT row_no FROM events_b ORDER BY row_no")).Should().Equal("2", "4");
    }

    [Fact]
    public async Task Repeats_are_dropped_and_write_nothing()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var records = log.Many(10);
        await reader.ApplyAsync(records);
        var before = await reader.ProgressAsync("CONCAT_WS('/', last_seq, next_row, next_offset, last_at, applied)");

        await reader.ApplyAsync([.. records.Select(record => log.Again(record))]);

        (await reader.CountAsync("events_a")).Should().Be(10);
        reader.Figures().Repeats.Should().Be(10);
        reader.Figures().Batches.Should().Be(1, "repeats alone are no reason to write");
        (await reader.ProgressAsync("CONCAT_WS('/', last_seq, next_row, next_offset, last_at, applied)")).Should().Equal(before);
    }

    [Fact]
    public async Task A_record_after_a_gap_is_left_until_the_ones_between_have_come()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var records = log.Many(6);
        await reader.ApplyAsync(records[0], records[1], records[4], records[5]);
        (await reader.TextsAsync()).Should().Equal("main-0-0", "main-0-1");
        reader.Figures().Ahead.Should().Be(2);

        await reader.ApplyAsync([.. records[2..].Select(record => log.Again(record))]);
        (await reader.TextsAsync()).Should().Equal(Enumerable.Range(0, 6).Select(number => $"main-0-{number}"));
    }

    [Fact]
    public async Task Records_of_a_log_of_another_name_are_foreign()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var other = new InboxTestLog(name: "elsewhere");
        await reader.ApplyAsync(other.Many(3));

        (await reader.CountAsync("events_a WHERE seq IS NULL AND bucket < 256")).Should().Be(3);
        (await reader.ProgressAsync("CONCAT_WS('/', last_seq, applied)")).Should().Equal("0/0");
        reader.Figures().Foreign.Should().Be(3);
    }

    [Fact]
    public async Task A_reader_below_the_logs_lowest_row_takes_it_and_writes_down_what_expired()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var records = log.Many(9);
        await reader.ApplyAsync(records[0], records[1]);
        var lowest = log.Again(records[5], ("after", "0"), ("expired", $"{InboxTestLog.SeqOf(records[4])}"));
        await reader.ApplyAsync(lowest, log.Again(records[6]));

        (await reader.TextsAsync()).Should().Equal("main-0-0", "main-0-1", "main-0-5", "main-0-6");
        (await reader.ListAsync("SELECT CONCAT_WS('-', after_seq, before_seq) FROM expired"))
            .Should()
            .Equal($"{InboxTestLog.SeqOf(records[1])}-{InboxTestLog.SeqOf(records[5])}");
        reader.Figures().Expired.Should().Be(1);
    }

    [Fact]
    public async Task The_first_row_of_a_log_is_no_expired_range_for_a_new_reader()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        await reader.ApplyAsync(new InboxTestLog().Many(3));
        (await reader.CountAsync("expired")).Should().Be(0);
    }

    [Fact]
    public async Task Another_number_of_partitions_is_refused_and_so_is_another_log()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        await reader.ApplyAsync(new InboxTestLog().Many(1));

        await using var more = reader.Other(options => options.Partitions = 5);
        await more.Invoking(r => r.ApplyAsync(new InboxTestLog().Many(1))).Should().ThrowAsync<InboxSetupException>().WithMessage("*4*5*");
        await using var renamed = reader.Other(options => options.Log = "other");
        await renamed
            .Invoking(r => r.ApplyAsync(new InboxTestLog().Many(1)))
            .Should()
            .ThrowAsync<InboxSetupException>()
            .WithMessage("*main*");
    }

    [Fact]
    public async Task Many_processes_may_make_the_tables_at_once()
    {
        var connectionString = await database.Server.NewDatabaseAsync("inbox");
        var readers = Enumerable.Range(0, 6).Select(_ => InboxTestReader.On(database.Server, connectionString)).ToList();
        await Task.WhenAll(readers.Select(reader => reader.Writer.Setup.EnsureAsync(CancellationToken.None)));
        (await readers[0].CountAsync("partition_progress")).Should().Be(5, "four partitions and the one without a topic");
        foreach (var reader in readers)
            await reader.DisposeAsync();
    }

    [Fact]
    public async Task Two_readers_of_one_log_each_take_all_of_it()
    {
        await using var storage = await InboxTestReader.StartAsync(database.Server);
        await using var analyzer = InboxTestReader.On(
            database.Server,
            storage.ConnectionString,
            options =>
            {
                options.Consumer = "analyzer";
                options.Tables[1] = new InboxTestTable("index_a");
            }
        );
        await storage.ExecuteAsync(new InboxTestTable("index_a").Create);
        var records = new InboxTestLog().Many(20);
        await storage.ApplyAsync(records);
        await analyzer.ApplyAsync(records);

        (await storage.CountAsync("events_a")).Should().Be(20);
        (await storage.CountAsync("index_a")).Should().Be(20);
    }
}

[Collection(InboxOnMariaDb.Name)]
public sealed class InboxOrderOnMariaDbTests(MariaDbFixture database) : InboxOrderTests(database);

[Collection(InboxOnMySql.Name)]
public sealed class InboxOrderOnMySqlTests(MySqlFixture database) : InboxOrderTests(database);
