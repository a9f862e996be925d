using TestSupport;

namespace EndToEnd.Tests;

/// <summary>The Postman collection of both systems, run by newman on every service.</summary>
[Collection(BothSystems.Name)]
public sealed class PostmanTests(BothSystemsFixture fixture)
{
    private static readonly string Runner = Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "Newman");

    [Fact]
    public async Task Every_request_of_the_collection_is_answered_as_it_says()
    {
        var platform = fixture.Platform;
        if (await MissingNewmanAsync() is { } missing)
            Assert.Skip(missing);
        await OneEventOfEachTypeAsync(platform);

        var (code, output) = await Command.RunAsync(
            "node",
            [
                Path.Combine(Runner, "node_modules", "newman", "bin", "newman.js"),
                "run",
                Path.Combine(Repository.Root, "docs", "postman_collection.json"),
                "--color",
                "off",
                .. Addresses(platform)
                    .SelectMany(address => new[] { "--env-var", $"{address.Name}={address.Url.AbsoluteUri.TrimEnd('/')}" }),
            ]
        );

        code.Should().Be(0, "newman said: {0}", output);
    }

    private static (string Name, Uri Url)[] Addresses(Deployment platform) =>
        [
            ("receiver", platform.Receivers[0].Address),
            ("storage", platform.Storages[0].Address),
            ("processing", platform.Processings[0].Address),
            ("analyzer", platform.Analyzers[0].Address),
            ("consistency", platform.Consistencies[0].Address),
            ("anomalies", platform.Anomalies[0].Address),
            ("runify_analyzer", platform.Analyzers[0].RunifyAddress),
            ("runify_anomalies", platform.Anomalies[0].RunifyAddress),
            ("runify_check", platform.Consistencies[0].RunifyAddress),
        ];

    // The collection reads the first event of each type and what was counted: both are there a moment after the first was posted.
    private static async Task OneEventOfEachTypeAsync(Deployment platform)
    {
        using var receiver = new JsonClient(platform.Receivers[0].Address);
        await receiver.PostAsync("site/listings", EventClient.Listing(1), 201);
        await receiver.PostAsync("site/bids", EventClient.Bid(1), 201);
        await receiver.PostAsync(
            "stats/running",
            """{"user_id":"u","duration":1800,"distance":5000,"timestamp":"2024-09-10T09:12:33.001Z"}""",
            201
        );
        await receiver.PostAsync(
            "stats/music",
            """{"user_id":"u","song_name":"s","artist":"a","song_duration":180,"timestamp":"2024-09-10T09:12:33.001Z"}""",
            201
        );
        using var analyzer = new JsonClient(platform.Analyzers[0].Address);
        using var processing = new JsonClient(platform.Processings[0].Address);
        using var check = new JsonClient(platform.Consistencies[0].Address);
        await Eventually.HoldsAsync(
            async () =>
                (await analyzer.GetAsync("stats")).GetProperty("num_music_info").GetInt64() > 0
                && (await processing.GetAsync("stats")).GetProperty("num_music_info").GetInt64() > 0
                && (await check.AskAsync("GET", "check/check")).Status == 200,
            "every service has seen the events",
            TimeSpan.FromSeconds(60)
        );
    }

    private static async Task<string?> MissingNewmanAsync()
    {
        if (!Command.IsThere("npm"))
            return "newman needs Node and npm";
        var (code, output) = await Command.RunAsync("npm", ["ci", "--prefix", Runner, "--no-audit", "--no-fund", "--loglevel=error"]);
        return code == 0 ? null : $"newman cannot be installed: {Command.LastLine(output)}";
    }
}
