using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Web.Gateway;

namespace Web.Live;

/// <summary>Asks the services for the figures of the dashboard.</summary>
internal sealed class UpstreamFigures(IConfiguration settings, IUpstreamNames names, UpstreamConnections connections) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new(connections.CreateHandler()) { Timeout = Patience };

    /// <summary>A sample of this moment.</summary>
    public async Task<StageSample> SampleAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var receivers = ReceiversAsync(cancellationToken);
        var stored = SumAsync(Upstream.Storage, "storage/site/events/count", ["listings", "bids"], cancellationToken);
        var indexed = SumAsync(Upstream.Analyzer, "analyzer/stats", ["Listings", "Bids"], cancellationToken);
        var counted = SumAsync(Upstream.Processing, "processing/stats", ["num_listings", "num_bids"], cancellationToken);
        await Task.WhenAll(receivers, stored, indexed, counted);
        var (accepted, relayed) = await receivers;
        return new StageSample(now.ToUnixTimeMilliseconds(), accepted, relayed, await stored, await indexed, await counted);
    }

    /// <summary>How each service is.</summary>
    public async Task<IReadOnlyList<ServiceReport>> StatesAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Upstream.All.Select(upstream => StateAsync(upstream, cancellationToken)));

    public void Dispose() => _http.Dispose();

    private async Task<ServiceReport> StateAsync(Upstream upstream, CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await _http.GetAsync(new Uri(upstream.Address(settings), "health/ready"), cancellationToken);
            var text = await reply.Content.ReadAsStringAsync(cancellationToken);
            return reply.StatusCode switch
            {
                HttpStatusCode.OK => Describe(upstream, text, ServiceState.Up),
                HttpStatusCode.ServiceUnavailable => Describe(upstream, text, ServiceState.Unready),
                var other => new(upstream.Prefix, ServiceState.Away, $"Its health page answers {(int)other}."),
            };
        }
        catch (Exception failure) when (IsNoAnswer(failure, cancellationToken))
        {
            return new(upstream.Prefix, ServiceState.Away, "It does not answer.");
        }
    }

    // A health reply names each thing the service needs; what is not well is worth telling, whatever the whole's status.
    private static ServiceReport Describe(Upstream upstream, string health, ServiceState state)
    {
        using var document = JsonDocument.Parse(health);
        if (!document.RootElement.TryGetProperty("dependencies", out var dependencies) || dependencies.ValueKind != JsonValueKind.Object)
            return new(upstream.Prefix, state, state == ServiceState.Up ? "Ready." : "It says that it is not ready.");
        var unwell = dependencies
            .EnumerateObject()
            .Where(dependency => dependency.Value.GetProperty("status").GetString() != "Healthy")
            .Select(dependency => $"{dependency.Name}: {dependency.Value.GetProperty("description").GetString()}")
            .ToList();
        return new(
            upstream.Prefix,
            unwell.Count == 0 ? state : ServiceState.Unready,
            unwell.Count == 0 ? "Ready." : string.Join(" ", unwell)
        );
    }

    private async Task<long?> SumAsync(Upstream upstream, string path, string[] keys, CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await _http.GetAsync(new Uri(upstream.Address(settings), path), cancellationToken);
            if (!reply.IsSuccessStatusCode)
                return null;
            using var document = JsonDocument.Parse(await reply.Content.ReadAsStreamAsync(cancellationToken));
            // With one system alone the other's keys are not there.
            var values = keys.Where(key => document.RootElement.TryGetProperty(key, out _)).ToList();
            return values.Count == 0 ? null : values.Sum(key => document.RootElement.GetProperty(key).GetInt64());
        }
        catch (Exception failure) when (IsNoAnswer(failure, cancellationToken))
        {
            return null;
        }
    }

    // Every Receiver counts for itself, so each address behind the name is asked, and their sum is the whole.
    private async Task<(long? Accepted, long? Relayed)> ReceiversAsync(CancellationToken cancellationToken)
    {
        var address = Upstream.Receiver.Address(settings);
        try
        {
            var all = IPAddress.TryParse(address.Host.Trim('[', ']'), out var literal)
                ? [literal]
                : await names.LookUpAsync(address.Host, cancellationToken);
            var figures = await Task.WhenAll(
                all.Select(one => new UriBuilder(address) { Host = $"{one}", Path = $"{address.AbsolutePath}metrics" }.Uri)
                    .Select(url => _http.GetStringAsync(url, cancellationToken))
            );
            return (figures.Sum(text => Counter(text, "eventlog_appended_total")), figures.Sum(text => Counter(text, "relay_sent_total")));
        }
        catch (Exception failure) when (IsNoAnswer(failure, cancellationToken))
        {
            return (null, null);
        }
    }

    /// <summary>The sum of a counter over its labels, from a page of metrics.</summary>
    internal static long Counter(string metrics, string name)
    {
        double sum = 0;
        foreach (var line in metrics.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal))
                continue;
            var rest = line[name.Length..];
            if (!rest.StartsWith("{") && !rest.StartsWith(" "))
                continue;
            // name{labels} value [time]; a label's value may hold blanks.
            var value = rest[(rest.LastIndexOf('}') + 1)..].Trim();
            var end = value.IndexOf(' ');
            if (double.TryParse(end < 0 ? value : value[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                sum += number;
        }
        return (long)sum;
    }

    private static bool IsNoAnswer(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or IOException or SocketException or JsonException or InvalidOperationException or FormatException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
