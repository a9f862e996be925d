using System.Globalization;
using System.Text;
using System.Text.Json;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>The way of an event that the overview describes, walked step by step at the gateway.</summary>
public sealed class OverviewTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private const string Listing =
        """{"listing_id":4711,"listing_price":600000.00,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Apartment","listing_status":"SOLD","listing_contact":"random_person@random.com"}""";

    private const string Bid =
        """{"bidding_id":17,"listing_id":4711,"asking_price":600000.00,"offer_price":619000.00,"offer_date":"2025-01-08T12:47:00Z","property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_overviews_eight_steps_can_be_walked_through_the_gateway()
    {
        var platform = fixture.Platform;
        using var gateway = new JsonClient(platform.Gateways[0].Address);
        var start = DateTime.UtcNow.AddSeconds(-1);

        // 1: posted.
        var listing = (await gateway.PostAsync("receiver/site/listings", Listing, 201)).GetProperty("trace_id").GetInt64();
        var bid = (await gateway.PostAsync("receiver/site/bids", Bid, 201)).GetProperty("trace_id").GetInt64();
        $"{listing}".Should().HaveLength(19);
        bid.Should().BeGreaterThan(listing);

        await OnTheTopicAsync("listings", listing, Listing);
        await OnTheTopicAsync("bids", bid, Bid);

        await InTheTableAsync(platform, listing, bid);

        // 4: the n-th event, the payload as it was published.
        await AnswersAsync(gateway, "analyzer/site/listings?index=0", $"[{WithTraceId(Listing, listing)}]");
        await AnswersAsync(gateway, "analyzer/site/bids?index=0", $"[{WithTraceId(Bid, bid)}]");

        await InItsWindowAsync(gateway, start, listing);

        // 6: counted, by everybody alike.
        await Eventually.HoldsAsync(
            async () => (await gateway.GetAsync("processing/stats")).GetProperty("num_bids").GetInt64() == 1,
            "the bid is counted"
        );
        var statistics = await gateway.GetAsync("processing/stats");
        statistics.GetProperty("num_listings").GetInt64().Should().Be(1);
        statistics.GetProperty("max_listing_price").GetDecimal().Should().Be(600_000);
        statistics.GetProperty("max_offer_price").GetDecimal().Should().Be(619_000);
        (await gateway.GetAsync("storage/site/events/count")).ToString().Should().Be("""{"listings":1,"bids":1}""");
        (await gateway.GetAsync("analyzer/stats")).ToString().Should().Be("""{"Listings":1,"Bids":1}""");

        // 7: nothing differs.
        (await gateway.PostAsync("consistency_check/update"))
            .GetProperty("processing_time_ms")
            .GetInt64()
            .Should()
            .BePositive();
        var checks = await gateway.GetAsync("consistency_check/checks");
        foreach (var side in new[] { "db", "queue", "processing" })
            checks.GetProperty("counts").GetProperty(side).ToString().Should().Be("""{"listings":1,"bids":1}""", side);
        checks.GetProperty("missing_in_db").GetArrayLength().Should().Be(0);
        checks.GetProperty("missing_in_queue").GetArrayLength().Should().Be(0);
        (await gateway.GetAsync("consistency_check/v1/state")).GetProperty("status").GetString().Should().Be("consistent");

        await OnTheDashboardAsync(platform);
    }

    /// <summary>Step 2: the record itself, the bare envelope.</summary>
    private async Task OnTheTopicAsync(string type, long traceId, string body)
    {
        Confluent.Kafka.ConsumeResult<string?, string>? record = null;
        await Eventually.HoldsAsync(
            () =>
            {
                record = TopicReader
                    .ReadAll(fixture.Kafka.BootstrapServers, fixture.Topic)
                    .FirstOrDefault(found => Encoding.UTF8.GetString(found.Message.Headers.GetLastBytes("trace_id")) == $"{traceId}");
                return record is not null;
            },
            $"{type} {traceId} is on the topic"
        );
        record!.Message.Key.Should().Be("4711", "a listing and its bids keep their order");
        using var envelope = JsonDocument.Parse(record.Message.Value);
        envelope.RootElement.EnumerateObject().Select(key => key.Name).Should().Equal("type", "datetime", "payload");
        envelope.RootElement.GetProperty("type").GetString().Should().Be(type);
        DateTime
            .ParseExact(envelope.RootElement.GetProperty("datetime").GetString()!, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            .Should()
            .BeCloseTo(DateTime.UtcNow, TimeSpan.FromMinutes(1));
        envelope.RootElement.GetProperty("payload").GetRawText().Should().Be(WithTraceId(body, traceId));
    }

    /// <summary>Step 3: the rows in MySQL.</summary>
    private static async Task InTheTableAsync(Deployment platform, long listing, long bid)
    {
        await Ledger.CaughtUpAsync(platform);
        var row = await Deployment.ColumnAsync(
            platform.TableDatabase,
            $"""
            SELECT CONCAT_WS('|', listing_id, listing_price, listing_post, listing_type, listing_status, listing_contact)
            FROM listings WHERE trace_id = {listing}
            """
        );
        row.Should().Equal("4711|600000.00|2025-01-07 12:47:00.000000|Apartment|SOLD|random_person@random.com");
        row = await Deployment.ColumnAsync(
            platform.TableDatabase,
            $"""
            SELECT CONCAT_WS('|', bidding_id, listing_id, asking_price, offer_price, offer_date, property_square_feet, price_per_square_feet, bid_status)
            FROM bids WHERE trace_id = {bid}
            """
        );
        row.Should().Equal("17|4711|600000.00|619000.00|2025-01-08 12:47:00.000000|2013|298.06|REJECTED");
    }

    /// <summary>Step 5: in the window in which it arrived, whatever date the client gave it, and in no other; in both spellings of a time.</summary>
    private static async Task InItsWindowAsync(JsonClient gateway, DateTime start, long listing)
    {
        foreach (var format in new[] { "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ" })
        {
            var (from, until) = (Text(start.AddSeconds(-1)), Text(DateTime.UtcNow.AddSeconds(1)));
            var rows = await gateway.GetAsync($"storage/site/listings?start_timestamp={from}&end_timestamp={until}");
            rows.EnumerateArray().Select(row => row.GetProperty("trace_id").GetInt64()).Should().Equal(listing);
            rows[0].GetProperty("listing_post").GetString().Should().Be("2025-01-07T12:47:00Z");
            var before = await gateway.GetAsync($"storage/site/listings?start_timestamp=2025-01-01+00:00:00&end_timestamp={from}");
            before.GetArrayLength().Should().Be(0);

            string Text(DateTime time) => Uri.EscapeDataString(time.ToString(format, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Step 8: the page as it is served, with what it loads.</summary>
    private static async Task OnTheDashboardAsync(Deployment platform)
    {
        using var http = new HttpClient { BaseAddress = platform.Gateways[0].Address };
        var page = await http.GetStringAsync("", Cancel);
        page.Should().Contain("<title>Real Estate Corp.</title>").And.Contain("<h1>Dashboard</h1>");
        string[] elements =
        [
            "last-updated-value",
            "processing-stats",
            "analyzer-stats",
            "event-listings",
            "event-bids",
            "index",
            "consistency-results",
            "missing-db",
            "missing-queue",
            "run-check",
            "consistency-form",
            "messages",
        ];
        foreach (var element in elements)
            page.Should().Contain($"id=\"{element}\"");
        var loaded = System.Text.RegularExpressions.Regex.Matches(page, "(?:src|href)=\"([^\"#]+\\.(?:js|css|svg))\"");
        loaded.Should().NotBeEmpty();
        foreach (var file in loaded.Select(match => match.Groups[1].Value))
            (await http.GetAsync(new Uri(file, UriKind.Relative), Cancel)).IsSuccessStatusCode.Should().BeTrue(file);
    }

    private static Task AnswersAsync(JsonClient gateway, string path, string body) =>
        Eventually.HoldsAsync(
            async () =>
            {
                var (_, text) = await gateway.AskAsync("GET", path);
                return text == body ? true : throw new InvalidOperationException(text);
            },
            $"{path} answers {body}"
        );

    private static string WithTraceId(string body, long traceId) => $"{body[..^1]},\"trace_id\":{traceId}}}";
}
