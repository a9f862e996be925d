using System.Globalization;
using System.Net;
using System.Text.Json;
using TestSupport;

namespace Compose.Tests;

/// <summary>The composed stack, as an operator meets it: every port, containers that die under load, down and up.</summary>
public sealed class StackTests(ComposedStack stack) : IClassFixture<ComposedStack>, IDisposable
{
    private readonly EventClient _client = new(_ => stack.Gateway, stack.Journal);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Each_published_port_answers_as_its_service_and_what_is_closed_is_closed_there()
    {
        Assert.SkipWhen(stack.Missing is not null, stack.Missing ?? "");
        using var atItsPort = new EventClient(_ => stack.At("RECEIVER_PORT"), stack.Journal);
        await atItsPort.SendManyAsync(from: 1, count: 20, clients: 4, TestContext.Current.CancellationToken);
        await EveryAcceptedEventArrivedOnceAsync();

        (await StatusAsync("STORAGE_PORT", "site/events/count")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("STORAGE_PORT", "storage/ui/")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("PROCESSING_PORT", "stats")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("ANALYZER_PORT", "site/listings?index=0")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("RUNIFY_ANALYZER_PORT", "analyzer/stats")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("CONSISTENCY_PORT", "consistency_check/health/ready")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("ANOMALY_PORT", "anomaly_detector/health/ready")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("HTTP_PORT", "")).Should().Be(HttpStatusCode.OK);
        foreach (var port in new[] { "STORAGE_PORT", "HTTP_PORT" })
        {
            (await StatusAsync(port, "storage/site/listings", EventClient.Listing(8))).Should().Be(HttpStatusCode.Forbidden);
            (await StatusAsync(port, "storage/progress")).Should().Be(HttpStatusCode.NotFound);
        }
        (await StatusAsync("STORAGE_PORT", "site/listings", EventClient.Listing(8))).Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Containers_run_as_ordinary_users()
    {
        Assert.SkipWhen(stack.Missing is not null, stack.Missing ?? "");
        foreach (var service in new[] { "receiver", "storage", "processing", "analyzer", "consistency_check", "anomaly_detector", "web" })
        {
            foreach (var container in await stack.ContainersAsync(service))
                (await Docker.RunAsync("exec", container, "id", "-u")).Trim().Should().NotBe("0", because: service);
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
            await Docker.RunAsync("kill", container);
            await Docker.RunAsync("start", container);
            await Eventually.HoldsAsync(
                async () => (await Docker.RunAsync("inspect", "--format", "{{.State.Health.Status}}", container)).Trim() == "healthy",
                $"{service} is healthy again",
                TimeSpan.FromSeconds(120)
            );
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
                await stack.GetAsync("processing/stats") is (HttpStatusCode.OK, { } stats)
                && stats.GetProperty("num_listings").GetInt64() == listings
                && stats.GetProperty("num_bids").GetInt64() == accepted.Count - listings,
            "Processing has counted every event",
            TimeSpan.FromSeconds(60)
        );
        await Eventually.HoldsAsync(
            async () =>
                await stack.SendAsync(HttpMethod.Post, new Uri(stack.Gateway, "consistency_check/update")) is (HttpStatusCode.OK, _)
                && await stack.GetAsync("consistency_check/checks") is (HttpStatusCode.OK, { } checks)
                && checks.GetProperty("missing_in_db").GetArrayLength() == 0
                && checks.GetProperty("missing_in_queue").GetArrayLength() == 0,
            "the check finds log, topic and tables the same",
            TimeSpan.FromSeconds(60)
        );
    }

    private async Task<List<string>> IdsAsync(string service)
    {
        var ids = new List<string>();
        foreach (var type in new[] { "listings", "bids" })
        {
            var (status, body) = await stack.GetAsync($"{service}/site/{type}/ids");
            if (status != HttpStatusCode.OK || body is not { } rows)
                throw new InvalidOperationException($"{service} answered {(int)status} {body}");
            ids.AddRange(rows.EnumerateArray().Select(TraceId));
        }
        return [.. ids.Order(StringComparer.Ordinal)];
    }

    private static string TraceId(JsonElement row) => row.GetProperty("trace_id").GetInt64().ToString(CultureInfo.InvariantCulture);

    private async Task<HttpStatusCode> StatusAsync(string port, string path, string? body = null) =>
        (await stack.SendAsync(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(stack.At(port), path), body)).Status;
}
