using TestSupport;

namespace Contract.Tests;

/// <summary>The worlds of the real-estate contract.</summary>
public sealed class RealEstatePlatforms(MariaDbFixture mariaDb, KafkaFixture kafka) : Platforms(mariaDb, kafka)
{
    /// <inheritdoc/>
    protected override async Task StartAsync()
    {
        var settings = new Dictionary<string, string?>(PlatformFixture.RealEstate) { ["CORS_ALLOW_ALL"] = "yes" };
        var busy = await CreateAsync(World.Busy, "contract", settings);
        await busy.StartAsync(Patience);
        await FillAsync(busy);
        await StartFreshAsync(
            PlatformFixture.RealEstate,
            "processing/progress",
            "analyzer/stats",
            "consistency_check/v1/state",
            "anomaly_detector/progress",
            "receiver/openapi.json"
        );
    }

    // All on one listing, so that the topic keeps their order.
    private static async Task FillAsync(Deployment busy)
    {
        using var gateway = new JsonClient(busy.Gateways[0].Address);
        foreach (var body in new[] { RealEstate.Listing, RealEstate.CheapListing, RealEstate.Listing })
            await gateway.PostAsync("receiver/site/listings", body, 201);
        foreach (var body in new[] { RealEstate.Bid, RealEstate.Bid })
            await gateway.PostAsync("receiver/site/bids", body, 201);
        await SettleAsync(
            gateway,
            ("GET", "analyzer/stats", """{"Listings":3,"Bids":2}"""),
            ("GET", "storage/site/events/count", """{"listings":3,"bids":2}"""),
            ("GET", "processing/stats", "\"num_listings\":3,\"num_bids\":2,"),
            ("PUT", "anomaly_detector/update", """{"anomalies_count":1}"""),
            ("POST", "consistency_check/update", "processing_time_ms")
        );
    }
}
