using System.Globalization;
using System.Text.Json;
using PlatformSupport;
using TestSupport;

namespace Compose.Tests;

/// <summary>The composed stack, as an operator meets it: every port, containers that die under load, down and up.</summary>
public sealed class StackTests(ComposedStack stack) : IClassFixture<ComposedStack>, IDisposable
{
    private readonly EventClient _client = new(_ => stack.Gateway, stack.Journal);
    private readonly JsonClient _gateway = new(stack.Gateway);

    public void Dispose()
    {
        _client.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public async Task Each_published_port_answers_as_its_service_and_what_is_closed_is_closed_there()
    {
        Assert.SkipWhen(stack.Missing is not null, stack.Missing ?? "");
        using var atItsPort = new EventClient(_ => stack.At("RECEIVER_PORT"), stack.Journal);
        await atItsPort.SendManyAsync(from: 1, count: 20, clients: 4, TestContext.Current.CancellationToken);
        await EveryAcceptedEventArrivedOnceAsync();

        (await StatusAsync("STORAGE_PORT", "site/events/count")).Should().Be(200);
        (await StatusAsync("STORAGE_PORT", "storage/ui/")).Should().Be(200);
        (await StatusAsync("PROCESSING_PORT", "stats")).Should().Be(200);
        (await StatusAsync("ANALYZER_PORT", "site/listings?index=0")).Should().Be(200);
        (await StatusAsync("RUNIFY_ANALYZER_PORT", "analyzer/stats")).Should().Be(200);
        (await StatusAsync("CONSISTENCY_PORT", "consistency_check/health/ready")).Should().Be(200);
        (await StatusAsync("ANOMALY_PORT", "anomaly_detector/health/ready")).Should().Be(200);
        (await StatusAsync("HTTP_PORT", "")).Should().Be(200);
        foreach (var port in new[] { "STORAGE_PORT", "HTTP_PORT" })
        {
            (await StatusAsync(port, "storage/site/listings", EventClient.Listing(8))).Should().Be(403);
            (await StatusAsync(port, "storage/progress")).Should().Be(404);
        }
        (await StatusAsync("STORAGE_PORT", "site/listings", EventClient.Listing(8))).Should().Be(403);
    }

    [Fact]
    public async Task Containers_run_as_ordinary_users()
    {
        Assert.SkipWhen(stack.Missing is not null, stack.Missing ?? "");
        foreach (var service in new[] { "receiver", "storage", "processing", "analyzer", "consistency_check", "anomaly_detector", "web" })
        {
            foreach (var container in await stack.ContainersAsync(service))
                (await container.RunAsync("id", "-u")).Trim().Should().NotBe("0", because: service);
        }
        (await stack.ContainersAsync("receiver")).Should().HaveCount(3);
    }

    [Fact]
    public async Task Killing_any_one_container_under_load_loses_nothing()
    {
        Assert.SkipWhen(stack.Missing is not null, stack.Missing ?? "");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var clients = Enumerable.Range(0, 4).Select(client => LoadAsync(1_000_000 + client * 100_000, stop.Token)).ToList();

        foreach (
            var service in new[]
            {
                "receiver",
                "storage",
                "analyzer",
                "processing",
                "consistency_check",
                "anomaly_detector",
                "web",
                "kafka",
                "mysql",
            }
        )
        {
            var container = (await stack.ContainersAsync(service))[0];
            await container.KillAsync();
            await container.StartAsync();
            await container.HealthyAsync();
            // What is accepted now was accepted after it died.
            var before = stack.Journal.Accepted.Count;
            await Eventually.HoldsAsync(
                () => Task.FromResult(stack.Journal.Accepted.Count > before),
                $"events are accepted after {service} was killed",
                TimeSpan.FromSeconds(60)
            );
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        await EveryAcceptedEventArrivedOnceAsync();
    }

    [Fact]
    public async Task The_overviews_eight_steps_can_be_walked_through_the_gateway()
    {
        Assert.SkipWhen(stack.Missing is not null, stack.Missing ?? "");

        await Overview.WalkAsync(stack, stack.Journal);
    }

    [Fact]
    public async Task Ten_thousand_events_from_64_clients_are_stored_exactly_once_though_containers_are_killed()
    {
        Assert.SkipWhen(stack.Missing is not null, stack.Missing ?? "");

        await Traffic.SurvivesKillsAsync(
            stack,
            stack.Journal,
            _ => stack.Gateway,
            stack.Gateway,
            (await stack.ContainersAsync("receiver"))[0],
            (await stack.ContainersAsync("storage"))[0],
            first: 2_000_000
        );
        await EveryAcceptedEventArrivedOnceAsync();
    }

    [Fact]
    public async Task Events_of_one_listing_are_stored_in_the_order_of_their_acknowledgement()
    {
        Assert.SkipWhen(stack.Missing is not null, stack.Missing ?? "");

        await Traffic.KeepsTheOrderOfOneListingAsync(stack, stack.Journal, _ => stack.Gateway);
    }

    [Fact]
    public async Task Down_and_up_lose_nothing()
    {
        Assert.SkipWhen(stack.Missing is not null, stack.Missing ?? "");
        await _client.SendManyAsync(from: 5_000_000, count: 200, clients: 8, TestContext.Current.CancellationToken);

        // At once: some of it is not stored yet, perhaps not even on the topic.
        await stack.DownAsync();
        await stack.UpAsync();

        await EveryAcceptedEventArrivedOnceAsync();
    }

    private async Task LoadAsync(long from, CancellationToken stop)
    {
        for (var number = from; !stop.IsCancellationRequested; number++)
        {
            // An event is never left in doubt: it is sent until its answer is known.
            await _client.SendAsync(number, CancellationToken.None);
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private async Task EveryAcceptedEventArrivedOnceAsync()
    {
        var accepted = stack.Journal.Accepted.Keys.Order(StringComparer.Ordinal).ToList();
        var listings = stack.Journal.Accepted.Values.Count(what => what.StartsWith("listings", StringComparison.Ordinal));
        foreach (var service in new[] { "storage", "analyzer" })
            await Eventually.HoldsAsync(
                async () => accepted.SequenceEqual(await IdsAsync(service)),
                $"{service} has every accepted event once, and nothing else",
                TimeSpan.FromSeconds(90)
            );
        await Eventually.HoldsAsync(
            async () =>
            {
                var stats = await _gateway.GetAsync("processing/stats");
                return stats.GetProperty("num_listings").GetInt64() == listings
                    && stats.GetProperty("num_bids").GetInt64() == accepted.Count - listings;
            },
            "Processing has counted every event",
            TimeSpan.FromSeconds(60)
        );
        await Eventually.HoldsAsync(
            async () =>
            {
                await _gateway.PostAsync("consistency_check/update");
                var checks = await _gateway.GetAsync("consistency_check/checks");
                return checks.GetProperty("missing_in_db").GetArrayLength() == 0
                    && checks.GetProperty("missing_in_queue").GetArrayLength() == 0;
            },
            "the check finds log, topic and tables the same",
            TimeSpan.FromSeconds(60)
        );
    }

    private async Task<List<string>> IdsAsync(string service)
    {
        var ids = new List<string>();
        foreach (var type in new[] { "listings", "bids" })
            ids.AddRange((await _gateway.GetAsync($"{service}/site/{type}/ids")).EnumerateArray().Select(TraceId));
        return [.. ids.Order(StringComparer.Ordinal)];
    }

    private static string TraceId(JsonElement row) => row.GetProperty("trace_id").GetInt64().ToString(CultureInfo.InvariantCulture);

    private async Task<int> StatusAsync(string port, string path, string? body = null)
    {
        using var client = new JsonClient(stack.At(port));
        return (await client.AskAsync(body is null ? "GET" : "POST", path, body)).Status;
    }
}
