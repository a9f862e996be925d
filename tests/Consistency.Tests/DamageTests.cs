using TestSupport;
using static TestSupport.StoredRows;

namespace Consistency.Tests;

/// <summary>What somebody does by hand, and that exactly that is named, against real Storages on a real database.</summary>
public sealed class DamageTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task Rows_that_were_changed_by_hand_are_named_and_nothing_else()
    {
        (string Side, string Damage, string Named)[] damages =
        [
            ("db", "DELETE FROM listings WHERE trace_id = {0}", "missing_in_db"),
            ("db", "UPDATE listings SET listing_price = 1 WHERE trace_id = {0}", "different"),
            ("db", "UPDATE listings SET digest = 1 WHERE trace_id = {0}", "different"),
            ("db", "UPDATE listings SET seq = 5000 + seq, bucket = (5000 + seq) DIV 4096 WHERE trace_id = {0}", "missing_in_db"),
            ("queue", "DELETE FROM listings WHERE trace_id = {0}", "missing_in_queue"),
            ("queue", "UPDATE listings SET listing_type = 'x' WHERE trace_id = {0}", "different"),
            ("both", "DELETE FROM listings WHERE trace_id = {0}", "missing_in_both"),
        ];
        await using var deck = await Deck.StartAsync(fixture.Server);
        var victims = damages.Select((_, id) => Listing(500, id)).ToList();
        await deck.AddAsync(0, [.. Enumerable.Range(1, 50).Select(price => Listing(price)), .. victims, Bid(3)]);
        await deck.AddAsync(2, Bid(4), Listing(9));
        await deck.Check.UpdateAsync();
        (await deck.Check.OpenAsync()).Should().BeEmpty();
        (await deck.Check.VerdictAsync(victims[0].TraceId)).Should().Be("verified");

        foreach (var ((side, damage, _), victim) in damages.Zip(victims))
        {
            var statement = string.Format(null, damage, victim.TraceId);
            if (side is "db" or "both")
                await deck.Storage.Rows.ExecuteAsync(statement);
            if (side is "queue" or "both")
                await deck.Queue.Rows.ExecuteAsync(statement);
        }
        await deck.Check.UpdateAsync();

        var expected = damages.Zip(victims, (damage, victim) => (damage.Named, victim.Identity));
        (await deck.Check.OpenAsync()).OrderBy(found => found.TraceId, StringComparer.Ordinal).Should().Equal(expected);
        foreach (var ((_, _, named), victim) in damages.Zip(victims))
            (await deck.Check.VerdictAsync(victim.TraceId)).Should().Be(named == "missing_in_both" ? "missing_in_db" : named);
        var checks = await deck.Check.ChecksAsync();
        Missing(checks, "missing_in_db").Should().BeEquivalentTo(Of("missing_in_db").Concat(Of("missing_in_both")));
        Missing(checks, "missing_in_queue").Should().BeEquivalentTo(Of("missing_in_queue").Concat(Of("missing_in_both")));

        IEnumerable<string> Of(string named) =>
            victims
                .Where((_, id) => damages[id].Named == named)
                .Select(victim => $$"""{"event_id":{{victim.ListingId}},"trace_id":"{{victim.TraceId}}","type":"listings"}""");

        static IEnumerable<string> Missing(System.Text.Json.JsonElement checks, string list) =>
            checks.GetProperty(list).EnumerateArray().Select(entry => entry.ToString());
    }

    [Fact]
    public async Task A_record_added_by_hand_is_missing_in_the_queue()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        await deck.AddAsync(0, Listing(1), Bid(3));
        await deck.Storage.Rows.ExecuteAsync(
            """
            INSERT INTO bids (bidding_id, listing_id, asking_price, offer_price, property_square_feet, price_per_square_feet, bid_status, trace_id,
              partition_no, seq, bucket, digest, row_partition, row_no, ingested_at)
            VALUES (77, 1, 1, 1, 1, 1, 'APPROVED', 1234, 0, NULL, 11, 5, 0, 99, UTC_TIMESTAMP(6))
            """
        );

        await deck.Check.UpdateAsync();

        (await deck.Check.OpenAsync()).Should().Equal(("missing_in_queue", "1234"));
        (await deck.Check.ChecksAsync())
            .GetProperty("missing_in_queue")
            .ToString()
            .Should()
            .Be("""[{"event_id":77,"trace_id":"1234","type":"bids"}]""");
    }

    [Fact]
    public async Task A_log_that_is_older_than_its_readers_is_named_with_what_it_lost()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        var lost = Listing(2);
        await deck.AddAsync(0, Listing(1), lost);
        await deck.Check.UpdateAsync();

        // Restored from before the last event; nothing has come since.
        deck.Receiver.Log.RemoveAll(row => row.Message == lost);
        deck.Receiver.Last[0]--;
        await deck.Check.UpdateAsync();
        (await deck.Check.OpenAsync()).Should().Equal(("missing_in_log", lost.Identity));

        // And with new events, whose numbers are far above.
        var next = Listing(3);
        deck.Receiver.Last[0] += 1 << 21;
        await deck.Storage.Rows.ExecuteAsync($"UPDATE partition_progress SET last_seq = {deck.Receiver.Last[0]} WHERE partition_no = 0");
        await deck.Queue.Rows.ExecuteAsync($"UPDATE partition_progress SET last_seq = {deck.Receiver.Last[0]} WHERE partition_no = 0");
        await deck.AddAsync(0, next);
        await deck.Check.RecurringAsync();

        (await deck.Check.OpenAsync()).Should().Equal(("missing_in_log", lost.Identity));
        (await deck.Check.VerdictAsync(lost.TraceId)).Should().Be("verified", "both readers have it");
    }

    [Fact]
    public async Task Dead_letters_are_named_and_the_books_balance()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        var dead = Bid(5, id: 31);
        var conflict = Bid(6, id: 32);
        await deck.AddAsync(0, Listing(1), dead, conflict);
        await deck.Storage.Rows.ExecuteAsync(
            $"""
            INSERT INTO dead_letter (consumer, partition_no, seq, topic_offset, trace_id, type_id, reason, at)
              SELECT 'storage', 0, seq, 1, trace_id, 2, IF(bidding_id = 31, 'too large', 'conflict: the trace id is stored with another content'), UTC_TIMESTAMP(6)
              FROM bids ORDER BY seq;
            DELETE FROM bids
            """
        );

        await deck.Check.UpdateAsync();

        (await deck.Check.OpenAsync()).Should().Equal(("dead_lettered", dead.Identity), ("conflict", conflict.Identity));
        var books = (await deck.Check.JsonAsync("/consistency_check/v1/state")).GetProperty("detail").GetProperty("books");
        books.GetProperty("balanced").GetBoolean().Should().BeTrue();
        books.GetProperty("dead").GetInt64().Should().Be(2);
        var missing = (await deck.Check.ChecksAsync()).GetProperty("missing_in_db").ToString();
        missing.Should().Be($$"""[{"event_id":31,"trace_id":"{{dead.TraceId}}","type":"bids"}]""");
    }

    [Fact]
    public async Task The_recurring_run_finds_an_edited_old_row_by_rotation_and_closes_what_is_gone()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        var victim = Listing(2);
        await deck.AddAsync(0, Listing(1), victim);
        await deck.AddAsync(0, [.. Enumerable.Range(1, 5000).Select(price => Listing(price))]);
        await deck.Check.RecurringAsync();

        await deck.Storage.Rows.ExecuteAsync($"UPDATE listings SET listing_price = 77 WHERE trace_id = {victim.TraceId}");
        await deck.Check.RecurringAsync();
        (await deck.Check.OpenAsync()).Should().Equal(("different", victim.Identity));
        await deck.Storage.Rows.ExecuteAsync($"UPDATE listings SET listing_price = 2 WHERE trace_id = {victim.TraceId}");
        await deck.Check.RecurringAsync();

        (await deck.Check.OpenAsync()).Should().BeEmpty();
        var closed = (await deck.Check.JsonAsync("/consistency_check/v1/differences?state=closed")).GetProperty("items")[0];
        closed.GetProperty("closed_by").GetString().Should().Be("check");
        (await deck.Check.VerdictAsync(victim.TraceId)).Should().Be("verified");
        // A row deleted from an old bucket is missed in the counts too.
        await deck.Storage.Rows.ExecuteAsync($"DELETE FROM listings WHERE trace_id = {victim.TraceId}");
        await deck.Check.RecurringAsync();
        (await deck.Check.OpenAsync()).Should().Equal(("missing_in_db", victim.Identity));
        (await deck.Check.ChecksAsync())
            .GetProperty("counts")
            .ToString()
            .Should()
            .StartWith("""{"db":{"listings":5001,"bids":0},"queue":{"listings":5002,"bids":0}""");
    }
}
