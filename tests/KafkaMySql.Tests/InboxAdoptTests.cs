using TestSupport;

namespace KafkaMySql.Tests;

public abstract class InboxAdoptTests(DatabaseFixture database)
{
    [Fact]
    public async Task An_own_record_whose_event_is_there_already_gives_its_row_the_coordinate()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Foreign(new InboxTestMessage("a", "same", "text", 7)));
        var before = await reader.ListAsync("SELECT CONCAT_WS('/', row_no, at) FROM events_a");

        var ahead = log.Next("a", "before");
        var own = log.Next("a", "text", "same");
        await reader.ApplyAsync(ahead, own, log.Next("a", "after"));

        (await reader.TextsAsync()).Should().Equal("text", "before", "after");
        (await reader.ListAsync("SELECT CONCAT_WS('/', row_no, at) FROM events_a WHERE trace_id = 'same'")).Should().Equal(before);
        (await reader.ListAsync("SELECT CONCAT_WS('/', seq, bucket) FROM events_a WHERE trace_id = 'same'"))
            .Should()
            .Equal($"{InboxTestLog.SeqOf(own)}/{InboxTestLog.SeqOf(own) / 4096}");
        reader.Figures().Adopted.Should().Be(1);
    }

    [Fact]
    public async Task A_foreign_copy_leaves_the_own_rows_coordinate_alone()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var own = log.Next("a", "text", "same");
        await reader.ApplyAsync(own);
        await reader.ApplyAsync(log.Foreign(own.Value), log.Next("a", "next"));

        (await reader.ListAsync("SELECT seq FROM events_a WHERE trace_id = 'same'")).Should().Equal($"{InboxTestLog.SeqOf(own)}");
        (await reader.TextsAsync()).Should().Equal("text", "next");
    }

    [Fact]
    public async Task Another_content_under_a_stored_trace_id_is_a_conflict_and_the_partition_goes_on()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Foreign(new InboxTestMessage("a", "same", "theirs", 7)));
        var own = log.Next("a", "ours", "same");
        await reader.ApplyAsync(own, log.Next("a", "next"));

        (await reader.TextsAsync()).Should().Equal("theirs", "next");
        (await reader.ListAsync("SELECT CONCAT_WS('/', seq, trace_id, LEFT(reason, 8)) FROM dead_letter"))
            .Should()
            .Equal($"{InboxTestLog.SeqOf(own)}/same/conflict");
        (await reader.ProgressAsync("CONCAT_WS('/', applied, dead)")).Should().Equal("1/1");
    }

    [Fact]
    public async Task The_same_event_twice_in_one_batch_is_one_row_with_the_own_coordinate()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var message = new InboxTestMessage("a", "same", "text", 7);
        var own = log.Next("a", "text", "same");
        await reader.ApplyAsync(log.Foreign(message), own, log.Foreign(message), log.Foreign(message with { Text = "else" }));

        (await reader.TextsAsync()).Should().Equal("text");
        (await reader.ListAsync("SELECT seq FROM events_a")).Should().Equal($"{InboxTestLog.SeqOf(own)}");
        (await reader.CountAsync("dead_letter WHERE seq IS NULL AND reason LIKE 'conflict%'")).Should().Be(1);
    }

    [Fact]
    public async Task A_repair_puts_back_what_is_missing_and_moves_nobody_on()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var records = log.Many(5);
        await reader.ApplyAsync(records);
        await reader.ExecuteAsync("DELETE FROM events_a WHERE text = 'main-0-2'");

        await reader.ApplyAsync(log.Again(records[2], ("repair", "1")), log.Again(records[3], ("repair", "1")));

        (await reader.TextsAsync()).Should().Equal("main-0-0", "main-0-1", "main-0-3", "main-0-4", "main-0-2");
        (await reader.ListAsync("SELECT seq FROM events_a WHERE text = 'main-0-2'")).Should().Equal($"{InboxTestLog.SeqOf(records[2])}");
        (await reader.ProgressAsync("CONCAT_WS('/', last_seq, applied)")).Should().Equal($"{log.Last}/5");
    }

    [Fact]
    public async Task A_repair_above_last_is_dropped_since_the_ordinary_record_will_come()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var records = log.Many(3);
        await reader.ApplyAsync(records[0], log.Again(records[1], ("repair", "1")));
        (await reader.TextsAsync()).Should().Equal("main-0-0");
        await reader.ApplyAsync(records[1], records[2]);
        (await reader.TextsAsync()).Should().Equal("main-0-0", "main-0-1", "main-0-2");
    }

    [Fact]
    public async Task A_repair_closes_the_dead_letter_of_its_event()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var first = log.Next("a", "one");
        var poison = log.Next("a", "a text of more than twenty letters");
        await reader.ApplyAsync(first, poison, log.Next("a", "three"));
        await reader.ApplyAsync(log.Again(poison, ("repair", "1")));
        (await reader.ProgressAsync("CONCAT_WS('/', applied, dead)"))
            .Should()
            .Equal(["2/1"], "it is as impossible as before, and entered once");
        (await reader.CountAsync("dead_letter")).Should().Be(1);

        await reader.ExecuteAsync("ALTER TABLE events_a MODIFY text VARCHAR(200) NOT NULL");
        await reader.ApplyAsync(log.Again(poison, ("repair", "1")));
        (await reader.ProgressAsync("CONCAT_WS('/', applied, dead)")).Should().Equal("3/0");
        (await reader.CountAsync("dead_letter WHERE closed_at IS NOT NULL")).Should().Be(1);
        (await reader.CountAsync("events_a")).Should().Be(3);
    }

    [Fact]
    public async Task A_repair_of_a_parked_record_unparks_it()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var record = log.Next("c", "later");
        await reader.ApplyAsync(record, log.Next("a"));
        await using var newer = InboxTestReader.On(database.Server, reader.ConnectionString, known: "abc");
        await newer.ApplyAsync(log.Again(record, ("repair", "1")));

        (await reader.TextsAsync("events_c")).Should().Equal("later");
        (await reader.CountAsync("parked")).Should().Be(0);
        (await reader.ProgressAsync("CONCAT_WS('/', applied, parked)")).Should().Equal("2/0");
    }

    [Fact]
    public async Task What_a_service_writes_itself_is_stored_once_under_the_partition_without_a_topic()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog(InboxOptions.DirectPartition);
        var message = new InboxTestMessage("a", "posted", "text", 7);

        (await reader.Writer.ApplyForeignAsync([log.Foreign(message)])).Should().Equal(InboxOutcome.Stored);
        (
            await reader.Writer.ApplyForeignAsync([
                log.Foreign(message),
                log.Foreign(message with { Text = "else" }),
                log.Foreign(message with { TraceId = "long", Text = "a text of more than twenty letters" }),
                log.Foreign("{"u8.ToArray()),
                log.Foreign(message with { Type = "x", TraceId = "unknown" }),
                log.Foreign(message with { TraceId = "second" }),
            ])
        )
            .Should()
            .Equal(
                InboxOutcome.Repeated,
                InboxOutcome.Conflict,
                InboxOutcome.Refused,
                InboxOutcome.Refused,
                InboxOutcome.UnknownType,
                InboxOutcome.Stored
            );

        (await reader.ListAsync("SELECT CONCAT_WS('/', partition_no, row_no, trace_id) FROM events_a ORDER BY row_no"))
            .Should()
            .Equal("65535/1/posted", "65535/2/second");
        (await reader.CountAsync("dead_letter")).Should().Be(0, "the caller was told");
    }

    [Fact]
    public async Task An_event_written_directly_and_then_read_from_the_log_gets_its_coordinate_and_keeps_its_place()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(log.Next("a", "first"));
        await reader.Writer.ApplyForeignAsync([
            new InboxTestLog(InboxOptions.DirectPartition).Foreign(new InboxTestMessage("a", "same", "text", 7)),
        ]);
        await reader.ApplyAsync(log.Next("a", "text", "same"), log.Next("a", "third"));
        (await reader.ListAsync("SELECT CONCAT_WS('/', text, partition_no, row_partition, row_no) FROM events_a ORDER BY seq"))
            .Should()
            .Equal("first/0/0/1", "text/0/65535/1", "third/0/0/2");
    }
}

[Collection(InboxOnMariaDb.Name)]
public sealed class InboxAdoptOnMariaDbTests(MariaDbFixture database) : InboxAdoptTests(database);

[Collection(InboxOnMySql.Name)]
public sealed class InboxAdoptOnMySqlTests(MySqlFixture database) : InboxAdoptTests(database);
