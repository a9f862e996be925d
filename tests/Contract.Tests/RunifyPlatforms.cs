using TestSupport;

namespace Contract.Tests;

/// <summary>The worlds of the Runify contract: alone, beside the real-estate system, and before anything has happened.</summary>
public sealed class RunifyPlatforms(MariaDbFixture mariaDb, KafkaFixture kafka) : Platforms(mariaDb, kafka)
{
    // The keys of that system's own settings; its check asks often, so that nobody waits for it.
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Systems"] = "Runify",
        ["scheduler__period_sec"] = "2",
        ["scheduler__polling"] = "200ms",
        ["schedule__period_sec"] = "1",
        ["timeout__seconds"] = "5",
    };

    /// <inheritdoc/>
    protected override async Task StartAsync()
    {
        var alone = await CreateAsync(World.Busy, "runify", Settings);
        await alone.StartAsync(Patience);
        await FillAsync(alone);
        var beside = await CreateAsync(World.Beside, "beside", new Dictionary<string, string?>(Settings) { ["Systems"] = "both" });
        await beside.StartAsync(Patience);
        using (var receiver = new JsonClient(beside.Receivers[0].Address))
            await receiver.PostAsync("site/listings", RealEstate.CheapListing, 201);
        await FillAsync(beside);
        var fresh = await StartFreshAsync(
            Settings,
            "processing/progress",
            "analyzer/stats",
            "anomaly/progress",
            "receiver/openapi.json",
            "check/check"
        );
        using var gateway = new JsonClient(fresh.Gateways[0].Address);
        await SettleAsync(gateway, ("GET", "check/check", "Analyzer has 0 runs"), ("GET", "check/check", "Healthy"));
    }

    // The anomalies one after the other, since the newest comes first.
    private static async Task FillAsync(Deployment platform)
    {
        using var gateway = new JsonClient(platform.Gateways[0].Address);
        await gateway.PostAsync("receiver/stats/running", Runify.Run, 201);
        await gateway.PostAsync("receiver/stats/running", Runify.OddRun, 201);
        await gateway.PostAsync("receiver/stats/music", Runify.Song, 201);
        await SettleAsync(gateway, ("GET", "anomaly/anomalies", "ShortRun"));
        await gateway.PostAsync("receiver/stats/music", Runify.LongSong, 201);
        await SettleAsync(gateway, ("GET", "anomaly/anomalies", "LongSong"));
        await gateway.PostAsync("receiver/stats/music", Runify.ShortSong, 201);
        await SettleAsync(
            gateway,
            ("GET", "anomaly/anomalies", "ShortSong"),
            ("GET", "analyzer/stats", "\"num_running_stats\":2,\"num_music_info\":3"),
            ("GET", "storage/stats", """{"num_running_stats":2,"num_music_info":3}"""),
            ("GET", "processing/stats", "\"num_running_stats\":2,\"num_music_info\":3"),
            ("GET", "check/check", "Processing has 2 runs and 3 songs")
        );
    }
}
