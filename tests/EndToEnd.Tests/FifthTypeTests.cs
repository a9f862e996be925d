using System.Text.Json;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>Does to a copy of the services what <c>docs/add-an-event-type.md</c> says, builds them, and takes the fifth type through all of them.</summary>
public sealed class FifthTypeTests(MariaDbFixture mariaDb, KafkaFixture kafka) : IDisposable
{
    private const string User = "d290f1ee-6c54-4b01-90e6-d701748f0851";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    [Fact, Trait("Category", "Long")]
    public async Task A_fifth_type_is_posted_indexed_stored_counted_compared_and_watched()
    {
        if ((MariaDbServer.Missing ?? KafkaServer.Missing) is { } missing)
            Assert.Skip(missing);
        var copy = new FifthType(_folder.Path);
        copy.Make();
        await copy.BuildAsync();
        await using var platform = await Deployment.CreateAsync(
            mariaDb.Server,
            kafka.Server.BootstrapServers,
            $"fifth-{Guid.NewGuid():N}",
            settings: new Dictionary<string, string?>(PlatformFixture.RealEstate) { ["Systems"] = "Runify" },
            analyzers: 1,
            anomalies: 1,
            processings: 1,
            consistencies: 1,
            source: _folder.Path
        );
        await platform.StartAsync(Patience);
        using var receiver = new JsonClient(platform.Receivers[0].Address);
        using var analyzer = new JsonClient(platform.Analyzers[0].Address);
        using var storage = new JsonClient(platform.Storages[0].Address);
        using var processing = new JsonClient(platform.Processings[0].Address);
        using var anomalies = new JsonClient(platform.Anomalies[0].Address);
        using var consistency = new JsonClient(platform.Consistencies[0].Address);
        using var tail = new HttpClient { BaseAddress = platform.Analyzers[0].Address };
        using var live = new StreamReader(await tail.GetStreamAsync(new Uri("tail?type=heart_rate", UriKind.Relative)));

        // A request of its own, and one of a batch beside another type; what the record does not allow is refused.
        (await receiver.PostAsync("stats/heart", Body("154.5", "40"), 400))
            .GetProperty("detail")
            .GetString()
            .Should()
            .Contain("'beats'");
        var first = Id(await receiver.PostAsync("stats/heart", Body("154", "42.75"), 201));
        var (status, batch) = await receiver.AskAsync(
            "POST",
            "site/events",
            $$"""{"type":"heart_rate","payload":{{Body("221", "40.25")}}}""",
            "application/x-ndjson"
        );
        status.Should().Be(200, batch);
        var second = Id(JsonDocument.Parse(batch.Split('\n')[0]).RootElement);

        // The index: the n-th event, counts, the live tail, an event's stations.
        await SaysAsync(analyzer, "stats", """{"num_running_stats":0,"num_music_info":0,"num_heart_rate":2}""");
        (await analyzer.GetAsync("heart?index=0")).ToString().Should().Be($"{Body("154", "42.75")[..^1]},\"trace_id\":\"{first}\"}}");
        (await analyzer.GetAsync("heart/ids")).ToString().Should().Contain(second);
        var seen = "";
        using (var limit = new CancellationTokenSource(Patience))
        {
            while (!seen.Contains(second, StringComparison.Ordinal))
                seen += await live.ReadLineAsync(limit.Token);
        }
        seen.Should().Contain(first);

        // The table, the statistics and what is odd.
        await SaysAsync(storage, "stats", """{"num_running_stats":0,"num_music_info":0,"num_heart_rate":2}""");
        var rows = await storage.GetAsync("stats/heart?start_timestamp=2020-01-01T00:00:00Z&end_timestamp=2100-01-01T00:00:00Z");
        rows.EnumerateArray().Select(row => row.GetProperty("beats").GetInt64()).Should().Equal(154, 221);
        (await storage.GetAsync("stats/heart/ids")).GetArrayLength().Should().Be(2);
        await SaysAsync(processing, "stats", "\"num_heart_rate\":2");
        var figures = await processing.GetAsync("stats");
        figures.GetProperty("max_beats").GetDouble().Should().Be(221);
        figures.GetProperty("avg_variability").GetDouble().Should().Be(41.5);
        await SaysAsync(anomalies, "anomalies?anomaly_type=HighRate", "Heart rate of 221bpm exceeds maximum threshold of 220bpm");
        (await anomalies.GetAsync("anomalies")).EnumerateArray().Single().GetProperty("trace_id").GetString().Should().Be(second);

        // The comparison: the same number on every side, and no difference.
        await consistency.PostAsync("update");
        var checks = await consistency.GetAsync("checks");
        foreach (var side in new[] { "db", "queue", "processing" })
            checks.GetProperty("counts").GetProperty(side).GetProperty("heart_rate").GetInt64().Should().Be(2, side);
        checks.GetProperty("missing_in_db").GetArrayLength().Should().Be(0);
        checks.GetProperty("missing_in_queue").GetArrayLength().Should().Be(0);
        (await consistency.GetAsync("v1/state")).GetProperty("differences").ToString().Should().Be("{}");
        var stations = (await analyzer.GetAsync($"events/{second}")).GetProperty("stations");
        stations
            .EnumerateObject()
            .Where(station => station.Value.GetProperty("state").GetString() != "reached")
            .Select(station => station.Value.ToString())
            .Should()
            .BeEmpty();
        stations.GetProperty("verdict").GetProperty("verdict").GetString().Should().Be("verified");

        // And a row that is lost is missed like any other.
        await Deployment.ExecuteAsync(platform.TableDatabase, $"DELETE FROM heart_data WHERE trace_id = '{first}'");
        await consistency.PostAsync("update");
        (await consistency.GetAsync("checks")).GetProperty("missing_in_db").ToString().Should().Contain(first).And.Contain("heart_rate");
    }

    public void Dispose() => _folder.Dispose();

    private static string Body(string beats, string variability) =>
        $$"""{"user_id":"{{User}}","beats":{{beats}},"variability":{{variability}},"timestamp":"2024-09-10T09:12:33.001Z"}""";

    private static string Id(JsonElement receipt) => receipt.GetProperty("trace_id").GetString()!;

    private static Task SaysAsync(JsonClient service, string path, string says) =>
        Eventually.HoldsAsync(
            async () =>
            {
                var (_, text) = await service.AskAsync("GET", path);
                return text.Contains(says, StringComparison.Ordinal) ? true : throw new InvalidOperationException(text);
            },
            $"{path} says {says}",
            Patience
        );
}
