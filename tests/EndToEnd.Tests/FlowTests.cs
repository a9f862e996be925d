using System.Diagnostics;
using System.Text.Json;
using Contracts;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>The proof while everything moves: an event that is only on its way is never called missing, whatever happens to the readers.</summary>
public sealed class FlowTests(MariaDbFixture mariaDb, KafkaFixture kafka)
{
    private const int EventsASecond = 200;

    // Ten seconds: a killed reader's partitions are read again after six, and in between the check has something to say.
    private const int BetweenDisturbances = 2_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Nothing_is_called_missing_while_200_events_a_second_flow_and_readers_are_killed_and_sent_back() => FlowAsync(10_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Nor_in_ten_minutes() => FlowAsync(120_000);

    private async Task FlowAsync(int events)
    {
        var topic = $"flow-{events}";
        await using var platform = await Deployment.CreateWholeAsync(
            mariaDb.Server,
            kafka.Server.BootstrapServers,
            topic,
            PlatformFixture.RealEstate
        );
        await platform.StartAsync(TimeSpan.FromMinutes(2));
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Gateways[0].Address, journal);
        using var gateway = new JsonClient(platform.Gateways[0].Address);
        using var done = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();

        var sending = SendAsync(client, events);
        var checking = CheckAsync(gateway, done.Token);
        var disturbances = await DisturbAsync(platform, topic, journal, events);
        await sending;
        var seconds = clock.Elapsed.TotalSeconds;
        await AgreedAsync(gateway, events);
        await done.CancelAsync();
        var checks = await checking;

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
        await NothingWasEverNamedAsync(gateway);
        checks.Should().BeGreaterThan(2, "a check in between that says nothing proves nothing");
        TestContext.Current.SendDiagnosticMessage(
            $"{events} events in {seconds:0} s, {disturbances} disturbances, {checks} checks between them had a result."
        );
    }

    /// <summary>Sends at a steady rate, however long each takes.</summary>
    private static async Task SendAsync(EventClient client, int events)
    {
        const int AtOnce = 10;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds((double)AtOnce / EventsASecond));
        var sent = new List<Task>(events);
        while (sent.Count < events && await timer.WaitForNextTickAsync(Cancel))
            sent.AddRange(Enumerable.Range(sent.Count, AtOnce).Select(number => client.SendAsync(number, Cancel)));
        await Task.WhenAll(sent);
    }

    /// <summary>Checks everything again and again; how often that had a result. A side that is away gives 503 and leaves the last one.</summary>
    private static async Task<int> CheckAsync(JsonClient gateway, CancellationToken done)
    {
        var checks = 0;
        // With pauses, in which the job has its turn: one run at a time is all there is.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(3));
        while (!done.IsCancellationRequested && await timer.WaitForNextTickAsync(Cancel))
        {
            var (status, text) = await gateway.AskAsync("POST", "consistency_check/update");
            status.Should().BeOneOf([200, 503], text);
            checks += status == 200 ? 1 : 0;
            var (known, document) = await gateway.AskAsync("GET", "consistency_check/checks");
            if (known == 404 && checks == 0)
                continue;
            using var result = JsonDocument.Parse(document);
            result.RootElement.GetProperty("missing_in_db").GetArrayLength().Should().Be(0, document);
            result.RootElement.GetProperty("missing_in_queue").GetArrayLength().Should().Be(0, document);
        }
        return checks;
    }

    /// <summary>Kills readers and sends their groups back in turn, as long as events come.</summary>
    private async Task<int> DisturbAsync(Deployment platform, string topic, Journal journal, int events)
    {
        var (storage, analyzer) = (platform.Storages[0], platform.Analyzers[0]);
        Func<Task>[] disturbances =
        [
            () => KilledAsync(storage, journal),
            () => KilledAsync(analyzer, journal),
            () => SentBackAsync(storage, ConsumerGroups.Storage, topic),
            () => SentBackAsync(analyzer, ConsumerGroups.Analyzer, topic),
        ];
        var count = 0;
        while (journal.Accepted.Count + BetweenDisturbances < events)
        {
            await AcceptedAsync(journal, journal.Accepted.Count + BetweenDisturbances);
            await disturbances[count++ % disturbances.Length]();
        }
        return count;
    }

    private static async Task KilledAsync(ServiceProcess reader, Journal journal)
    {
        await reader.KillAsync();
        await AcceptedAsync(journal, journal.Accepted.Count + EventsASecond);
        await reader.StartAsync();
    }

    private async Task SentBackAsync(ServiceProcess reader, string group, string topic)
    {
        await reader.StopAsync();
        await kafka.Server.RewindAsync(group, topic);
        await reader.StartAsync();
    }

    private static Task AcceptedAsync(Journal journal, int count) =>
        Eventually.HoldsAsync(() => journal.Accepted.Count >= count, $"{count} events are accepted", TimeSpan.FromMinutes(1));

    private static async Task AgreedAsync(JsonClient gateway, int events)
    {
        var half = events / 2;
        await Eventually.HoldsAsync(
            async () =>
            {
                var stored = $"{await gateway.GetAsync("storage/site/events/count")}";
                var indexed = $"{await gateway.GetAsync("analyzer/stats")}";
                var counted = await gateway.GetAsync("processing/stats");
                return
                    stored == $$"""{"listings":{{half}},"bids":{{half}}}"""
                    && indexed == $$"""{"Listings":{{half}},"Bids":{{half}}}"""
                    && counted.GetProperty("num_listings").GetInt64() == half
                    && counted.GetProperty("num_bids").GetInt64() == half
                    ? true
                    : throw new InvalidOperationException($"{stored} {indexed} {counted}");
            },
            "tables, index and statistics have every event",
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMilliseconds(200)
        );
        // The end: nothing pending, nothing different, the books balance.
        await gateway.PostAsync("consistency_check/update");
        var state = await gateway.GetAsync("consistency_check/v1/state");
        state.GetProperty("status").GetString().Should().Be("consistent", $"{state}");
        var detail = state.GetProperty("detail");
        detail.GetProperty("pending").GetInt64().Should().Be(0);
        detail.GetProperty("books").GetProperty("balanced").GetBoolean().Should().BeTrue();
        detail.GetProperty("books").GetProperty("log_rows").GetInt64().Should().Be(events);
        var counts = (await gateway.GetAsync("consistency_check/checks")).GetProperty("counts");
        foreach (var side in new[] { "db", "queue", "processing" })
            counts.GetProperty(side).ToString().Should().Be($$"""{"listings":{{half}},"bids":{{half}}}""", side);
    }

    /// <summary>Neither a run that was asked for nor one of the job has ever entered a difference, not even one that was closed again.</summary>
    private static async Task NothingWasEverNamedAsync(JsonClient gateway)
    {
        var differences = await gateway.GetAsync("consistency_check/v1/differences?state=all");
        differences.GetProperty("items").GetArrayLength().Should().Be(0, $"{differences}");
        var runs = (await gateway.GetAsync("consistency_check/v1/history?limit=1000")).GetProperty("items").EnumerateArray().ToList();
        runs.Select(run => run.GetProperty("status").GetString()).Distinct().Should().BeSubsetOf(["consistent", "unknown"]);
        runs.Count(run => run.GetProperty("kind").GetString() == "recurring" && run.GetProperty("status").GetString() == "consistent")
            .Should()
            .BePositive("the job ran as well");
    }
}
