using System.Text;
using TestSupport;

namespace Contract.Tests;

/// <summary>The worlds of a contract with every service real, and the asking. Tests skip with the reason where a server cannot be had.</summary>
public abstract class Platforms(MariaDbFixture mariaDb, KafkaFixture kafka) : IAsyncLifetime
{
    private const int MostAttempts = 10;

    /// <summary>How long a platform may take to start or to settle.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Patience };
    private readonly Dictionary<World, Deployment> _worlds = [];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (MariaDbServer.Missing is not null || KafkaServer.Missing is not null)
            return;
        // One after the other: fourteen processes that start at once are slower on a small machine.
        await StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var platform in _worlds.Values)
            await platform.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends a row's request and fails with the reply when that is not what the row says.</summary>
    public async Task CheckAsync(Row row, bool throughTheGateway)
    {
        if (!_worlds.TryGetValue(row.World, out var platform))
        {
            Assert.Skip(MariaDbServer.Missing ?? KafkaServer.Missing ?? "the services did not start");
            return;
        }
        var reply = await AnswerAsync(row, throughTheGateway ? platform.Gateways[0].Address : AddressOf(platform, row.World, row.Service));

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

    /// <summary>Starts every world.</summary>
    protected abstract Task StartAsync();

    /// <summary>Prepares a world in which every service runs.</summary>
    protected async Task<Deployment> CreateAsync(World world, string topic, IReadOnlyDictionary<string, string?> settings) =>
        _worlds[world] = await Deployment.CreateWholeAsync(mariaDb.Server, kafka.Server.BootstrapServers, topic, settings);

    /// <summary>
    /// Starts the world in which nothing has happened. Storage is never started there, and the others are not ready without what they
    /// miss; what they need for an answer is their database.
    /// </summary>
    protected async Task<Deployment> StartFreshAsync(IReadOnlyDictionary<string, string?> settings, params string[] answering)
    {
        var nowhere = FreePort.Next();
        var fresh = _worlds[World.Fresh] = await Deployment.CreateWholeAsync(
            mariaDb.Server,
            $"127.0.0.1:{nowhere}",
            "fresh",
            new Dictionary<string, string?>(settings) { ["scheduler__interval"] = "0", ["Kafka__GroupProtocol"] = "consumer" },
            connectionOfReceiver: (_, _) => mariaDb.Server.ConnectionString("receiver", nowhere)
        );
        await Task.WhenAll(fresh.All.Except(fresh.Storages).Select(service => service.StartAsync()));
        foreach (var path in answering)
            await Eventually.HoldsAsync(
                async () =>
                    (await _http.GetAsync(new Uri(AddressOf(fresh, World.Fresh, path.Split('/')[0]), path))).IsSuccessStatusCode
                    && (await _http.GetAsync(fresh.Gateways[0].Address)).IsSuccessStatusCode,
                $"{path} answers",
                Patience
            );
        return fresh;
    }

    /// <summary>Asks through the gateway until each path says something.</summary>
    protected static async Task SettleAsync(JsonClient gateway, params (string Method, string Path, string Says)[] settled)
    {
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

    // A service whose broker is slow to answer may say so and when to ask again; that is no row's reply where nothing is away.
    private async Task<Reply> AnswerAsync(Row row, Uri address)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reply = await AskAsync(row, address);
            if (
                reply.Status != 503
                || row is { World: World.Fresh } or { Status: 503 } or { Method: not "GET" }
                || !int.TryParse(reply.Headers.GetValueOrDefault("Retry-After"), out var seconds)
                || attempt == MostAttempts
            )
                return reply;
            await Task.Delay(TimeSpan.FromSeconds(seconds));
        }
    }

    private async Task<Reply> AskAsync(Row row, Uri address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), new Uri(address, row.Path));
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

    // With both systems on, a service that has another port in Runify's contract is asked there.
    private static Uri AddressOf(Deployment platform, World world, string basePath) =>
        (basePath, world) switch
        {
            ("receiver", _) => platform.Receivers[0].Address,
            ("storage", _) => platform.Storages[0].Address,
            ("processing", _) => platform.Processings[0].Address,
            ("analyzer", World.Beside) => platform.Analyzers[0].RunifyAddress,
            ("analyzer", _) => platform.Analyzers[0].Address,
            ("check", World.Beside) => platform.Consistencies[0].RunifyAddress,
            ("consistency_check" or "check", _) => platform.Consistencies[0].Address,
            ("anomaly", World.Beside) => platform.Anomalies[0].RunifyAddress,
            ("anomaly_detector" or "anomaly", _) => platform.Anomalies[0].Address,
            _ => platform.Gateways[0].Address,
        };
}
