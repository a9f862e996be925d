using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TestSupport;

namespace PlatformSupport;

/// <summary>The way of an event that the overview describes, walked step by step at the gateway of a platform that nobody else uses meanwhile.</summary>
public sealed partial class Overview : IDisposable
{
    private const string Listing =
        """{"listing_id":4711,"listing_price":600000.00,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Apartment","listing_status":"SOLD","listing_contact":"random_person@random.com"}""";

    private const string Bid =
        """{"bidding_id":17,"listing_id":4711,"asking_price":600000.00,"offer_price":619000.00,"offer_date":"2025-01-08T12:47:00Z","property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED"}""";

    // Recurring jobs may run every ten seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IPlatform _platform;
    private readonly Journal _journal;
    private readonly JsonClient _gateway;

    private Overview(IPlatform platform, Journal journal)
    {
        _platform = platform;
        _journal = journal;
        _gateway = new JsonClient(platform.Gateway);
    }

    /// <summary>Walks all eight steps; what was accepted on the way stands in <paramref name="journal"/>.</summary>
    public static async Task WalkAsync(IPlatform platform, Journal journal)
    {
        using var overview = new Overview(platform, journal);
        await overview.WalkAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _gateway.Dispose();

    private async Task WalkAsync()
    {
        var start = DateTime.UtcNow.AddSeconds(-1);
        var (listings, bids) = await StoredAsync();
        var (highestPrice, highestOffer) = await MaximaAsync();

        // 1: posted.
        var listing = await PostAsync("listings", Listing);
        var bid = await PostAsync("bids", Bid);
        bid.Should().BeGreaterThan(listing);

        await OnTheTopicAsync("listings", listing, Listing);
        await OnTheTopicAsync("bids", bid, Bid);

        await InTheTableAsync(listing, bid);

        // 4: the n-th event, the payload as it was published.
        await AnswersAsync($"analyzer/site/listings?index={listings}", $"[{WithTraceId(Listing, listing)}]");
        await AnswersAsync($"analyzer/site/bids?index={bids}", $"[{WithTraceId(Bid, bid)}]");

        await InItsWindowAsync(start, listing);

        // 6: counted, by everybody alike.
        await Eventually.HoldsAsync(
            async () => Counts(await _gateway.GetAsync("processing/stats"), "num_listings", "num_bids") == (listings + 1, bids + 1),
            "listing and bid are counted",
            Patience
        );
        (await MaximaAsync()).Should().Be((Math.Max(highestPrice, 600_000), Math.Max(highestOffer, 619_000)));
        (await StoredAsync()).Should().Be((listings + 1, bids + 1));
        Counts(await _gateway.GetAsync("analyzer/stats"), "Listings", "Bids").Should().Be((listings + 1, bids + 1));

        await NothingDiffersAsync((listings + 1, bids + 1));

        await OnTheDashboardAsync();
    }

    private async Task<long> PostAsync(string type, string body)
    {
        var traceId = (await _gateway.PostAsync($"receiver/site/{type}", body, 201)).GetProperty("trace_id").GetInt64();
        var text = traceId.ToString(CultureInfo.InvariantCulture);
        text.Should().HaveLength(19);
        _journal.Accept(text, $"{type} of the overview");
        return traceId;
    }

    /// <summary>Step 2: the record itself, the bare envelope.</summary>
    private async Task OnTheTopicAsync(string type, long traceId, string body)
    {
        Confluent.Kafka.ConsumeResult<string?, string>? record = null;
        await Eventually.HoldsAsync(
            () =>
            {
                record = TopicReader
                    .ReadAll(_platform.BootstrapServers, _platform.Topic)
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
    private async Task InTheTableAsync(long listing, long bid)
    {
        await Ledger.CaughtUpAsync(_platform);
        var row = await Deployment.ColumnAsync(
            _platform.TableDatabase,
            $"""
            SELECT CONCAT_WS('|', listing_id, listing_price, listing_post, listing_type, listing_status, listing_contact)
            FROM listings WHERE trace_id = {listing}
            """
        );
        row.Should().Equal("4711|600000.00|2025-01-07 12:47:00.000000|Apartment|SOLD|random_person@random.com");
        row = await Deployment.ColumnAsync(
            _platform.TableDatabase,
            $"""
            SELECT CONCAT_WS('|', bidding_id, listing_id, asking_price, offer_price, offer_date, property_square_feet, price_per_square_feet, bid_status)
            FROM bids WHERE trace_id = {bid}
            """
        );
        row.Should().Equal("17|4711|600000.00|619000.00|2025-01-08 12:47:00.000000|2013|298.06|REJECTED");
    }

    /// <summary>Step 5: once in the window in which it arrived, whatever date the client gave it, and not before; in both spellings of a time.</summary>
    private async Task InItsWindowAsync(DateTime start, long listing)
    {
        foreach (var format in new[] { "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ" })
        {
            var (from, until) = (Text(start.AddSeconds(-1)), Text(DateTime.UtcNow.AddSeconds(1)));
            var inside = await WindowAsync(from, until);
            inside.Where(row => row.GetProperty("listing_id").GetInt64() == 4711).Select(TraceId).Should().Equal(listing);
            inside.Single(row => TraceId(row) == listing).GetProperty("listing_post").GetString().Should().Be("2025-01-07T12:47:00Z");
            (await WindowAsync("2025-01-01+00:00:00", from)).Select(TraceId).Should().NotContain(listing);

            string Text(DateTime time) => Uri.EscapeDataString(time.ToString(format, CultureInfo.InvariantCulture));
        }
    }

    private async Task<List<JsonElement>> WindowAsync(string from, string until) =>
        [.. (await _gateway.GetAsync($"storage/site/listings?start_timestamp={from}&end_timestamp={until}")).EnumerateArray()];

    /// <summary>Step 7: the three sides are compared and are the same.</summary>
    private async Task NothingDiffersAsync((long Listings, long Bids) expected)
    {
        (await _gateway.PostAsync("consistency_check/update")).GetProperty("processing_time_ms").GetInt64().Should().BePositive();
        var checks = await _gateway.GetAsync("consistency_check/checks");
        foreach (var side in new[] { "db", "queue", "processing" })
            Counts(checks.GetProperty("counts").GetProperty(side), "listings", "bids").Should().Be(expected, side);
        checks.GetProperty("missing_in_db").GetArrayLength().Should().Be(0);
        checks.GetProperty("missing_in_queue").GetArrayLength().Should().Be(0);
        (await _gateway.GetAsync("consistency_check/v1/state")).GetProperty("status").GetString().Should().Be("consistent");
    }

    /// <summary>Step 8: the page as it is served, with what it loads.</summary>
    private async Task OnTheDashboardAsync()
    {
        var (_, page) = await _gateway.AskAsync("GET", "");
        page.Should().Contain("<title>Real Estate Corp.</title>").And.Contain("<h1>Dashboard</h1>");
        foreach (var element in DashboardElements.RealEstate)
            page.Should().Contain($"id=\"{element}\"");
        var loaded = LoadedFile().Matches(page);
        loaded.Should().NotBeEmpty();
        foreach (var file in loaded.Select(match => match.Groups[1].Value))
            (await _gateway.AskAsync("GET", file)).Status.Should().Be(200, file);
    }

    private Task AnswersAsync(string path, string body) =>
        Eventually.HoldsAsync(
            async () =>
            {
                var (_, text) = await _gateway.AskAsync("GET", path);
                return text == body ? true : throw new InvalidOperationException(text);
            },
            $"{path} answers {body}"
        );

    private async Task<(long Listings, long Bids)> StoredAsync() =>
        Counts(await _gateway.GetAsync("storage/site/events/count"), "listings", "bids");

    // Before the first count there are no statistics, and before the first event no maximum.
    private async Task<(decimal Price, decimal Offer)> MaximaAsync()
    {
        var (status, text) = await _gateway.AskAsync("GET", "processing/stats");
        if (status != 200)
            return (0, 0);
        using var statistics = JsonDocument.Parse(text);
        return (Of("max_listing_price"), Of("max_offer_price"));

        decimal Of(string name) =>
            statistics.RootElement.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDecimal() : 0;
    }

    private static (long Listings, long Bids) Counts(JsonElement counts, string listings, string bids) =>
        (counts.GetProperty(listings).GetInt64(), counts.GetProperty(bids).GetInt64());

    private static long TraceId(JsonElement row) => row.GetProperty("trace_id").GetInt64();

    private static string WithTraceId(string body, long traceId) => $"{body[..^1]},\"trace_id\":{traceId}}}";

    [GeneratedRegex("(?:src|href)=\"([^\"#]+\\.(?:js|css|svg))\"")]
    private static partial Regex LoadedFile();
}
