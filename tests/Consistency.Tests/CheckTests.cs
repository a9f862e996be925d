using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using TestSupport;
using static TestSupport.StoredRows;

namespace Consistency.Tests;

/// <summary>What clients see of the check.</summary>
public sealed class CheckTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task Before_the_first_run_there_is_no_result_and_after_it_it_has_the_contracts_shape()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        using (var none = await deck.Check.Client.GetAsync("/consistency_check/checks"))
        {
            none.StatusCode.Should().Be(HttpStatusCode.NotFound);
            (await none.Content.ReadAsStringAsync()).Should().Be("""{"message":"No consistency checks have been run yet"}""");
        }
        (await deck.Check.StatusAsync()).Should().Be("never");
        await deck.AddAsync(0, Listing(1), Bid(2), Listing(3));

        await deck.Check.UpdateAsync();

        var text = await deck.Check.Client.GetStringAsync("/checks");
        text.Should()
            .MatchRegex(
                """^\{"last_updated":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","counts":\{"db":\{"listings":2,"bids":1\},"queue":\{"listings":2,"bids":1\},"processing":\{"listings":2,"bids":1\}\},"missing_in_db":\[\],"missing_in_queue":\[\]\}$"""
            );
        (await File.ReadAllTextAsync(deck.Check.Document)).Should().Be(text);
        var state = await deck.Check.JsonAsync("/consistency_check/v1/state");
        state.GetProperty("status").GetString().Should().Be("consistent");
        state.GetProperty("detail").GetProperty("computed").GetProperty("complete").GetBoolean().Should().BeTrue();
        state.GetProperty("rotation").GetProperty("buckets").GetInt64().Should().Be(1);
        (await deck.Check.JsonAsync("/consistency_check/v1/history")).GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task What_one_reader_has_not_come_to_is_pending_and_never_missing()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        await deck.AddAsync(0, Listing(1));
        var late = Listing(2);
        deck.Receiver.Append(0, late);
        await deck.Storage.Rows.AddAsync(0, late);

        await deck.Check.UpdateAsync();

        (await deck.Check.OpenAsync()).Should().BeEmpty();
        (await deck.Check.VerdictAsync(late.TraceId)).Should().Be("pending");
        (await deck.Check.JsonAsync("/consistency_check/v1/state")).GetProperty("detail").GetProperty("pending").GetInt64().Should().Be(1);
        var counts = (await deck.Check.ChecksAsync()).GetProperty("counts");
        counts.GetProperty("db").ToString().Should().Be(counts.GetProperty("queue").ToString(), "both are as of the cut");
        await deck.Queue.Rows.AddAsync(0, late);
        await deck.Check.RecurringAsync();
        (await deck.Check.VerdictAsync(late.TraceId)).Should().Be("verified");
        (await deck.Check.VerdictAsync(5)).Should().Be("unknown");
    }

    [Fact]
    public async Task Health_is_degraded_while_something_differs_or_nobody_knows_and_ready_all_the_same()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        await HealthAsync("Healthy", "No check");
        await deck.AddAsync(0, Listing(1), Bid(2));
        await deck.Check.UpdateAsync();
        await HealthAsync("Healthy", "agreed");

        await deck.Storage.Rows.ExecuteAsync("DELETE FROM listings");
        await deck.Check.UpdateAsync();
        await HealthAsync("Degraded", "differed");

        await deck.Storage.Process.KillAsync();
        using (var update = await deck.Check.Client.PostAsync("/consistency_check/update", null))
            update.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        await HealthAsync("Degraded", "Storage");

        async Task HealthAsync(string status, string says)
        {
            using var ready = await deck.Check.Client.GetAsync("/health/ready");
            ready.StatusCode.Should().Be(HttpStatusCode.OK);
            var health = await deck.Check.Client.GetStringAsync("/health");
            health.Should().MatchRegex($$"""consistency[^}]*{{status}}[^}]*{{says}}""");
        }
    }

    [Fact]
    public async Task While_a_side_is_down_it_is_503_and_the_last_result_stays()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        await deck.AddAsync(0, Listing(1), Bid(2));
        await deck.Check.UpdateAsync();
        var before = await deck.Check.Client.GetStringAsync("/consistency_check/checks");

        await deck.Storage.Process.KillAsync();
        await NotCheckedAsync("Storage");
        await deck.Storage.StartAsync();
        await deck.Queue.Process.KillAsync();
        await NotCheckedAsync("The Analyzer");
        await deck.Queue.StartAsync();
        await deck.Check.UpdateAsync();
        before = await deck.Check.Client.GetStringAsync("/consistency_check/checks");
        await deck.Receiver.DisposeAsync();
        await NotCheckedAsync("Processing");

        async Task NotCheckedAsync(string named)
        {
            using var update = await deck.Check.Client.PostAsync("/consistency_check/update", null);
            update.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            using (var message = JsonDocument.Parse(await update.Content.ReadAsStringAsync()))
            {
                message.RootElement.EnumerateObject().Select(key => key.Name).Should().Equal("message");
                message.RootElement.GetProperty("message").GetString().Should().StartWith(named);
            }
            (await deck.Check.Client.GetStringAsync("/consistency_check/checks")).Should().Be(before);
            var state = await deck.Check.JsonAsync("/consistency_check/v1/state");
            state.GetProperty("status").GetString().Should().Be("unknown");
            state.GetProperty("last_verdict").GetString().Should().Be("consistent");
            state.GetProperty("age_seconds").GetDouble().Should().BePositive();
        }
    }

    [Fact]
    public async Task An_operator_closes_a_difference_with_a_reason_and_it_stays_closed()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        var victim = Listing(2);
        await deck.AddAsync(0, Listing(1), victim);
        await deck.Storage.Rows.ExecuteAsync($"DELETE FROM listings WHERE trace_id = {victim.TraceId}");
        await deck.Check.UpdateAsync();
        var id = (await deck.Check.JsonAsync("/consistency_check/v1/differences")).GetProperty("items")[0].GetProperty("id").GetInt64();
        var close = $"/consistency_check/v1/differences/{id}/close";

        (await deck.Check.Client.PostAsJsonAsync(close, new { reason = "" })).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await deck.Check.Client.PostAsJsonAsync("/v1/differences/999/close", new { reason = "x" }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NotFound);
        (await deck.Check.Client.PostAsJsonAsync(close, new { reason = "A test row.", by = "ada" }))
            .StatusCode.Should()
            .Be(HttpStatusCode.OK);
        (await deck.Check.Client.PostAsJsonAsync(close, new { reason = "again" })).StatusCode.Should().Be(HttpStatusCode.Conflict);
        await deck.Check.UpdateAsync();

        (await deck.Check.OpenAsync()).Should().BeEmpty();
        (await deck.Check.StatusAsync()).Should().Be("consistent");
        var closed = (await deck.Check.JsonAsync("/consistency_check/v1/differences?state=all&class=missing_in_db")).GetProperty("items")[
            0
        ];
        (closed.GetProperty("closed_by").GetString(), closed.GetProperty("reason").GetString()).Should().Be(("ada", "A test row."));
        (await deck.Check.Client.GetAsync("/v1/differences?state=lost")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await deck.Check.Client.GetAsync("/consistency_check/hangfire")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_reader_that_was_restored_lowers_the_cut_and_nothing_is_missing()
    {
        await using var deck = await Deck.StartAsync(fixture.Server);
        await deck.AddAsync(0, [.. Enumerable.Range(1, 5000).Select(price => Listing(price))]);
        await deck.Check.UpdateAsync();

        await deck.Queue.Rows.ExecuteAsync(
            $"DELETE FROM listings WHERE seq > {FirstSeq + 100}; UPDATE partition_progress SET last_seq = {FirstSeq + 100} WHERE partition_no = 0"
        );
        await deck.Check.RecurringAsync();

        (await deck.Check.OpenAsync()).Should().BeEmpty();
        var verified = (await deck.Check.JsonAsync("/consistency_check/v1/state")).GetProperty("detail").GetProperty("verified")[0];
        verified.GetProperty("seq").GetUInt64().Should().BeLessThanOrEqualTo(FirstSeq + 100);
    }
}
