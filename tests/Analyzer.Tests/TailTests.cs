using System.Net;
using Contracts;
using ReaderSupport;
using TestSupport;

namespace Analyzer.Tests;

public sealed class TailTests(MariaDbFixture fixture)
{
    private readonly TopicLog _log = new();

    [Fact]
    public async Task What_the_index_takes_comes_at_once_filtered_by_type_and_whole()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server);
        await analyzer.Inbox.ApplyAsync(0, [_log.Next(Sample.Listing())]);
        await using var all = await TailReader.OpenAsync(analyzer.Client, "/analyzer/tail");
        await using var bids = await TailReader.OpenAsync(analyzer.Client, "/analyzer/tail?type=bids,running_stats");
        all.Reply.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        all.Reply.Headers.GetValues("X-Accel-Buffering").Should().Equal("no");
        (await all.NextAsync())!.Name.Should().Be("start");
        var listing = Sample.Listing(2, more: ",\n\"x\":\r\n{ \"a\" : \"1\" }");
        var bid = Sample.Bid(3);
        var run = Sample.Run();

        await analyzer.Inbox.ApplyAsync(1, [_log.Next(listing, 1), _log.Next(bid, 1), _log.Next(run, 1)]);

        (await all.TraceIdsAsync(3)).Should().BeEquivalentTo([listing.Identity, bid.Identity, run.Identity]);
        var first = await bids.NextAsync("message");
        first.Data.GetProperty("trace_id").GetString().Should().Be(bid.Identity);
        first.Data.GetProperty("type").GetString().Should().Be("bids");
        first.Data.GetProperty("index").GetInt64().Should().Be(0);
        first.Data.GetProperty("seq").GetInt64().Should().Be(2);
        first.Data.GetProperty("payload").GetProperty("bidding_id").GetInt64().Should().Be(3);
        (await bids.TraceIdsAsync(1)).Should().Equal(run.Identity);
    }

    [Fact]
    public async Task A_stream_goes_on_where_an_earlier_one_ended_also_after_a_restart()
    {
        var database = await fixture.Server.NewDatabaseAsync("reader");
        var listings = Enumerable.Range(0, 30).Select(id => Sample.Listing(id)).ToList();
        var records = listings.Select(listing => _log.Next(listing)).ToArray();
        string? last = null;
        await using (var analyzer = await AnalyzerHost.StartOnAsync(database))
        {
            await analyzer.DatabaseReadyAsync();
            await using var tail = await TailReader.OpenAsync(analyzer.Client, "/tail?type=listings");
            await analyzer.Inbox.ApplyAsync(0, records[..10]);
            for (var i = 0; i < 4; i++)
                last = (await tail.NextAsync("message")).Id;
            await analyzer.Inbox.ApplyAsync(0, records[10..20]);
        }
        await using (var analyzer = await AnalyzerHost.StartOnAsync(database))
        {
            await analyzer.DatabaseReadyAsync();
            await using var tail = await TailReader.OpenAsync(analyzer.Client, "/tail?type=listings", last);
            await analyzer.Inbox.ApplyAsync(0, records[20..]);

            (await tail.TraceIdsAsync(26)).Should().Equal(listings[4..].Select(listing => listing.Identity));
        }
    }

    [Fact]
    public async Task A_client_too_far_behind_is_told_exactly_what_it_missed_and_goes_on_with_the_newest()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server, "Analyzer:TailLag=10");
        EventMessage[] events =
        [
            .. Enumerable.Range(0, 90).Select(id => (EventMessage)(id % 3 == 0 ? Sample.Bid(id) : Sample.Listing(id))),
        ];
        await analyzer.Inbox.ApplyAsync(0, [.. events.Select(message => _log.Next(message))]);

        await using var tail = await TailReader.OpenAsync(analyzer.Client, "/tail", "1:0.2:0.3:0.4:0");

        var dropped = await tail.NextAsync("dropped");
        dropped.Data.GetProperty("types").GetProperty("listings").GetInt64().Should().Be(54);
        dropped.Data.GetProperty("types").GetProperty("bids").GetInt64().Should().Be(27);
        dropped.Data.GetProperty("dropped").GetInt64().Should().Be(81);
        var rest = await tail.TraceIdsAsync(9);
        Ids.Contain([.. events[^10..].Select(message => message.Identity)], rest);

        // The filter counts as well: what is not followed is not missed.
        await using var bids = await TailReader.OpenAsync(analyzer.Client, "/tail?type=bids", "2:0");
        (await bids.NextAsync("dropped")).Data.GetProperty("dropped").GetInt64().Should().Be(20);
    }

    [Fact]
    public async Task A_silent_stream_gives_a_sign_of_life_and_the_end_of_the_service_ends_it()
    {
        var analyzer = await AnalyzerHost.StartAsync(fixture.Server, "Analyzer:TailHeartbeat=200ms");
        await using var tail = await TailReader.OpenAsync(analyzer.Client, "/tail");

        (await tail.NextAsync("heartbeat")).Id.Should().BeNull("a heartbeat is no place to go on from");
        (await tail.NextAsync("heartbeat"))
            .Data.GetProperty("at")
            .GetDateTimeOffset()
            .Should()
            .BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30));

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await analyzer.DisposeAsync();
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_client_of_a_restored_index_goes_on_from_now()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server);
        await using var tail = await TailReader.OpenAsync(analyzer.Client, "/tail?type=listings", "1:500");

        (await tail.NextAsync("reset")).Id.Should().Be("1:0");
        var listing = Sample.Listing();
        await analyzer.Inbox.ApplyAsync(0, [_log.Next(listing)]);
        (await tail.TraceIdsAsync(1)).Should().Equal(listing.Identity);
    }

    [Fact]
    public async Task Wrong_requests_and_one_client_too_many_are_refused()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server, "Analyzer:TailClients=1", "Systems=RealEstate");
        foreach (
            var (path, id) in new[] { ("/tail?type=cars", null), ("/tail?type=running_stats", null), ("/tail", "17"), ("/tail", "1:x") }
        )
        {
            await using var wrong = await TailReader.OpenAsync(analyzer.Client, path, id);
            wrong.Reply.StatusCode.Should().Be(HttpStatusCode.BadRequest, $"{path} {id}");
            wrong.Reply.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        }

        await using (var first = await TailReader.OpenAsync(analyzer.Client, "/tail"))
        {
            (await first.NextAsync())!.Name.Should().Be("start");
            await using var second = await TailReader.OpenAsync(analyzer.Client, "/tail");
            second.Reply.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            second.Reply.Headers.RetryAfter.Should().NotBeNull();
        }
        // The place of one that has gone is free again.
        await Eventually.HoldsAsync(
            async () =>
            {
                await using var next = await TailReader.OpenAsync(analyzer.Client, "/tail");
                return next.Reply.IsSuccessStatusCode;
            },
            "a client is taken again"
        );
    }
}
