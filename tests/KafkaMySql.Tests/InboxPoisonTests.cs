using MassTransit.Kafka.Extensions;
using TestSupport;

namespace KafkaMySql.Tests;

public abstract class InboxPoisonTests(DatabaseFixture database)
{
    [Fact]
    public async Task A_record_too_long_for_its_column_in_the_middle_of_500_becomes_the_one_dead_letter()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        RawRecord[] records = [.. log.Many(250), log.Next("a", "a text of more than twenty letters", "poison"), .. log.Many(249)];
        await reader.ApplyAsync(records);

        (await reader.CountAsync("events_a")).Should().Be(499);
        (await reader.ListAsync("SELECT CONCAT_WS('/', seq, trace_id, raw_value IS NOT NULL, raw_headers IS NOT NULL) FROM dead_letter"))
            .Should()
            .Equal($"{InboxTestLog.SeqOf(records[250])}/poison/1/1");
        (await reader.ListAsync("SELECT reason FROM dead_letter"))[0].Should().Contain("1406").And.Contain("text");
        (await reader.ListAsync("SELECT raw_value FROM dead_letter")).Should().ContainSingle();
        (await reader.ProgressAsync("CONCAT_WS('/', last_seq, next_row, next_offset, applied, dead)"))
            .Should()
            .Equal($"{log.Last}/500/500/499/1");
        (await reader.ListAsync("SELECT row_no FROM events_a ORDER BY row_no")).Should().HaveCount(499);
    }

    [Fact]
    public async Task Records_that_cannot_be_decoded_or_are_out_of_range_are_put_aside_with_their_bytes()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        await reader.ApplyAsync(
            log.Next("a", "first"),
            log.Next("{"u8.ToArray()),
            log.Next((byte[]?)null),
            log.Next("a", number: 70_000, trace: "out-of-range"),
            log.Next("a", "last")
        );
        (await reader.TextsAsync()).Should().Equal("first", "last");
        (await reader.ListAsync("SELECT HEX(raw_value) FROM dead_letter ORDER BY seq"))[..2].Should().Equal("7B", "null");
        (await reader.ProgressAsync("CONCAT_WS('/', applied, dead)")).Should().Equal("2/3");
    }

    [Fact]
    public async Task Foreign_records_without_key_or_headers_are_stored_once_by_their_trace_id()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var message = new InboxTestMessage("a", "stranger", "from outside", 1);
        await reader.ApplyAsync(log.Foreign(message), log.Next("a", "own"), log.Foreign(message));
        await reader.ApplyAsync(log.Foreign(message));

        (await reader.TextsAsync()).Should().Equal("from outside", "own");
        (await reader.CountAsync("events_a WHERE trace_id = 'stranger' AND seq IS NULL AND bucket < 256")).Should().Be(1);
        (await reader.ProgressAsync("CONCAT_WS('/', applied, dead)")).Should().Equal("1/0");
        (await reader.CountAsync("dead_letter")).Should().Be(0);
    }

    [Fact]
    public async Task Foreign_junk_never_stops_anything_is_entered_once_and_an_unknown_type_is_skipped()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server, options => options.MaxForeignRawPerDay = 40);
        var log = new InboxTestLog();
        var junk = Enumerable.Range(0, 60).Select(number => log.Foreign(BitConverter.GetBytes(number))).ToArray();
        var unknown = log.Foreign(new InboxTestMessage("x", "no-such-type", "", 0));
        var odd = log.Foreign(new InboxTestMessage("a", "trace id with ünicode", "", 0));
        var empty = log.Foreign((byte[]?)null);
        await reader.ApplyAsync([.. junk, unknown, odd, empty, log.Next("a", "own")]);
        await reader.ApplyAsync([.. junk, empty]);

        (await reader.TextsAsync()).Should().Equal("own");
        (await reader.CountAsync("dead_letter WHERE seq IS NULL")).Should().Be(62);
        (await reader.CountAsync("dead_letter WHERE raw_value IS NOT NULL")).Should().Be(10, "a day's 40 are shared by four partitions");
        (await reader.ProgressAsync("CONCAT_WS('/', applied, dead, parked)")).Should().Equal("1/0/0");
        reader.Figures().Skipped.Should().Be(1);
        reader.Figures().Stopped.Should().BeFalse();
    }

    [Fact]
    public async Task An_own_record_of_an_unknown_type_is_parked_and_taken_by_the_first_version_that_knows_it()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var one = log.Next("a", "one");
        var two = log.Next("c", "two");
        await reader.ApplyAsync(one, two, log.Next("c", "three, longer than twenty letters"), log.Next("z"));
        (await reader.TextsAsync()).Should().Equal("one");
        (await reader.ProgressAsync("CONCAT_WS('/', last_seq, applied, dead, parked)")).Should().Equal($"{log.Last}/1/0/3");

        await using var newer = InboxTestReader.On(database.Server, reader.ConnectionString, known: "abc");
        (await newer.Writer.ApplyParkedAsync(0)).Should().Be(2);

        (await reader.TextsAsync("events_c")).Should().Equal("two");
        (await reader.ListAsync("SELECT seq FROM events_c")).Should().Equal($"{InboxTestLog.SeqOf(two)}");
        (await reader.ListAsync("SELECT type FROM parked")).Should().Equal("z");
        (await reader.ProgressAsync("CONCAT_WS('/', last_seq, applied, dead, parked)")).Should().Equal($"{log.Last}/2/1/1");
        (await newer.Writer.ApplyParkedAsync(0)).Should().Be(0);
    }

    [Fact]
    public async Task More_than_20_dead_letters_of_own_records_in_a_minute_stop_the_partition_at_the_first_one_over()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        var log = new InboxTestLog();
        var records = Enumerable.Range(0, 30).SelectMany(number => new[] { log.Next("a"), log.Next("no json"u8.ToArray()) }).ToArray();

        await reader.Invoking(r => r.ApplyAsync(records)).Should().ThrowAsync<InboxStoppedException>();
        await reader.Invoking(r => r.ApplyAsync(records)).Should().ThrowAsync<InboxStoppedException>();

        (await reader.CountAsync("dead_letter")).Should().Be(20);
        (await reader.CountAsync("events_a")).Should().Be(21);
        reader.Figures().Stopped.Should().BeTrue();
        reader.Figures().Waiting.Should().Contain("20");
        reader.Log.Count(2202).Should().Be(1, "a stop is told once");
    }

    [Fact]
    public async Task A_stopped_partition_goes_on_when_its_records_can_be_taken_and_not_just_because_time_passes()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server, options => options.MaxDeadLettersPerMinute = 2);
        var log = new InboxTestLog();
        var wide = Enumerable.Range(0, 4).Select(_ => log.Next("a", "a text that needs a wider column")).ToArray();
        RawRecord[] records = [.. wide, log.Next("a", "fits")];
        await reader.Invoking(r => r.ApplyAsync(records)).Should().ThrowAsync<InboxStoppedException>();
        await reader.ExecuteAsync("UPDATE dead_letter SET at = at - INTERVAL 2 MINUTE");
        await reader.Invoking(r => r.ApplyAsync(records)).Should().ThrowAsync<InboxStoppedException>();

        await reader.ExecuteAsync("ALTER TABLE events_a MODIFY text VARCHAR(200) NOT NULL");
        await reader.ApplyAsync(records);
        (await reader.CountAsync("events_a")).Should().Be(3);
        reader.Figures().Stopped.Should().BeFalse();
    }
}

[Collection(InboxOnMariaDb.Name)]
public sealed class InboxPoisonOnMariaDbTests(MariaDbFixture database) : InboxPoisonTests(database);

[Collection(InboxOnMySql.Name)]
public sealed class InboxPoisonOnMySqlTests(MySqlFixture database) : InboxPoisonTests(database);
