using System.Text;
using TestSupport;

namespace Contract.Tests;

/// <summary>Both worlds of the contract with every service real, and the asking. Tests skip with the reason where a server cannot be had.</summary>
public sealed class ContractPlatforms(MariaDbFixture mariaDb, KafkaFixture kafka) : IAsyncLifetime
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Patience };
    private Deployment? _busy;
    private Deployment? _fresh;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (MariaDbServer.Missing is not null || KafkaServer.Missing is not null)
            return;
        var busy = new Dictionary<string, string?>(PlatformFixture.RealEstate) { ["CORS_ALLOW_ALL"] = "yes" };
        _busy = await Deployment.CreateWholeAsync(mariaDb.Server, kafka.Server.BootstrapServers, "contract", busy);
        var nowhere = FreePort.Next();
        _fresh = await Deployment.CreateWholeAsync(
            mariaDb.Server,
            $"127.0.0.1:{nowhere}",
            "fresh",
            new Dictionary<string, string?>(PlatformFixture.RealEstate)
            {
                ["scheduler__interval"] = "0",
                ["Kafka__GroupProtocol"] = "consumer",
            },
            connectionOfReceiver: (_, _) => mariaDb.Server.ConnectionString("receiver", nowhere)
        );
        // One after the other: fourteen processes that start at once are slower on a small machine.
        await _busy.StartAsync(Patience);
        await FillAsync(_busy);
        await StartFreshAsync(_fresh);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var platform in new[] { _busy, _fresh }.OfType<Deployment>())
            await platform.DisposeAsync();
    }

    /// <summary>Sends a row's request and fails with the reply when that is not what the row says.</summary>
    public async Task CheckAsync(Row row, bool throughTheGateway)
    {
        if ((row.World == World.Busy ? _busy : _fresh) is not { } platform)
        {
            Assert.Skip(MariaDbServer.Missing ?? KafkaServer.Missing ?? "the services did not start");
            return;
        }
        var reply = await AnswerAsync(row, throughTheGateway ? platform.Gateways[0] : ServiceOf(platform, row.Service));

        reply.Status.Should().Be(row.Status, $"{row}: {reply.Text}");
        using (new FluentAssertions.Execution.AssertionScope($"{row}: {reply.Text}"))
        {
            row.Shape.Check(reply);
            foreach (var (name, pattern) in row.Headers)
            {
                if (pattern is null)
                    reply.Headers.Should().NotContainKey(name);
                else
                    reply.Headers.GetValueOrDefault(name, "").Should().MatchRegex($"^({pattern})$", name);
            }
        }
    }

    // A service whose broker is slow to answer may say so and when to ask again; that is no row's reply where nothing is away.
    private async Task<Reply> AnswerAsync(Row row, ServiceProcess service)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reply = await AskAsync(row, service);
            if (
                reply.Status != 503
                || row is { World: not World.Busy } or { Status: 503 } or { Method: not "GET" }
                || !int.TryParse(reply.Headers.GetValueOrDefault("Retry-After"), out var seconds)
                || attempt == MostAttempts
            )
                return reply;
            await Task.Delay(TimeSpan.FromSeconds(seconds));
        }
    }

    private async Task<Reply> AskAsync(Row row, ServiceProcess service)
    {
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), new Uri(service.Address, row.Path));
        if (row.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(row.Body));
            if (row.ContentType is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", row.ContentType);
        }
        foreach (var (name, value) in row.Sent)
            request.Headers.TryAddWithoutValidation(name, value);
        using var reply = await _http.SendAsync(request);
        return new Reply(
            (int)reply.StatusCode,
            reply.Content.Headers.ContentType?.MediaType,
            await reply.Content.ReadAsStringAsync(),
            reply
                .Headers.Concat(reply.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase)
        );
    }

    private static ServiceProcess ServiceOf(Deployment platform, string basePath) =>
        basePath switch
        {
            "receiver" => platform.Receivers[0],
            "storage" => platform.Storages[0],
            "processing" => platform.Processings[0],
            "analyzer" => platform.Analyzers[0],
            "consistency_check" => platform.Consistencies[0],
            "anomaly_detector" => platform.Anomalies[0],
            _ => platform.Gateways[0],
        };

    // Storage is never started there, and the others are not ready without what they miss; what they need for an answer is their database.
    private async Task StartFreshAsync(Deployment fresh)
    {
        string[] answering =
        [
            "processing/progress",
            "analyzer/stats",
            "consistency_check/v1/state",
            "anomaly_detector/progress",
            "receiver/openapi.json",
        ];
        await Task.WhenAll(fresh.All.Except(fresh.Storages).Select(service => service.StartAsync()));
        foreach (var path in answering)
            await Eventually.HoldsAsync(
                async () =>
                    (await _http.GetAsync(new Uri(ServiceOf(fresh, path.Split('/')[0]).Address, path))).IsSuccessStatusCode
                    && (await _http.GetAsync(fresh.Gateways[0].Address)).IsSuccessStatusCode,
                $"{path} answers",
                Patience
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
        (string Method, string Path, string Says)[] settled =
        [
            ("GET", "analyzer/stats", """{"Listings":3,"Bids":2}"""),
            ("GET", "storage/site/events/count", """{"listings":3,"bids":2}"""),
            ("GET", "processing/stats", "\"num_listings\":3,\"num_bids\":2,"),
            ("PUT", "anomaly_detector/update", """{"anomalies_count":1}"""),
            ("POST", "consistency_check/update", "processing_time_ms"),
        ];
        foreach (var (method, path, says) in settled)
            await Eventually.HoldsAsync(
                async () =>
                {
                    var (_, text) = await gateway.AskAsync(method, path);
                    return text.Contains(says, StringComparison.Ordinal) ? true : throw new InvalidOperationException(text);
                },
                $"{path} says {says}",
                Patience
            );
    }
}
