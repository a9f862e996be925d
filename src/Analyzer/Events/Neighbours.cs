using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServiceDefaults;

namespace Analyzer.Events;

/// <summary>Asks the other services what they know about an event. What they answer is checked like anything from outside.</summary>
internal sealed class Neighbours : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly HttpClient _http;
    private readonly string _receiver;
    private readonly string _storage;
    private readonly string _processing;
    private readonly string _consistency;
    private readonly string _anomalies;

    public Neighbours(IConfiguration configuration)
    {
        _receiver = Settings.ReceiverUrl.Read(configuration);
        _storage = Settings.StorageUrl.Read(configuration);
        _processing = Settings.ProcessingUrl.Read(configuration);
        _consistency = Settings.ConsistencyUrl.Read(configuration);
        _anomalies = Settings.AnomaliesUrl.Read(configuration);
        // Connections are renewed, so that a service that moved is found.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1), UseProxy = false })
        {
            Timeout = Settings.AnalyzerStationTimeout.Read(configuration),
            MaxResponseContentBufferSize = 4 * 1024 * 1024,
        };
    }

    public Task<Reply<LogEntry>> LogAsync(int partition, ulong seq, CancellationToken cancellationToken) =>
        AskAsync<LogEntry>("The Receiver", $"{_receiver}/log/{partition}/{seq}", cancellationToken);

    public Task<Reply<StoredEvent>> StorageAsync(string traceId, string? type, CancellationToken cancellationToken) =>
        AskAsync<StoredEvent>(
            "Storage",
            $"{_storage}/events/{Uri.EscapeDataString(traceId)}{(type is null ? "" : $"?type={type}")}",
            cancellationToken
        );

    public Task<Reply<CountedRows>> ProcessingAsync(CancellationToken cancellationToken) =>
        AskAsync<CountedRows>("Processing", $"{_processing}/progress", cancellationToken);

    public Task<Reply<EventVerdict>> ConsistencyAsync(string traceId, CancellationToken cancellationToken) =>
        AskAsync<EventVerdict>("Consistency", $"{_consistency}/v1/events/{Uri.EscapeDataString(traceId)}", cancellationToken);

    public Task<Reply<EventAnomalies>> AnomaliesAsync(string traceId, CancellationToken cancellationToken) =>
        AskAsync<EventAnomalies>("Anomalies", $"{_anomalies}/events/{Uri.EscapeDataString(traceId)}", cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<Reply<T>> AskAsync<T>(string service, string address, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var reply = await _http.GetAsync(new Uri(address), cancellationToken);
            // Only a message of the service's own says that it has no such event; any other 404 is a route that it does not have.
            if (reply.StatusCode == HttpStatusCode.NotFound && reply.Content.Headers.ContentType?.MediaType == "application/json")
                return Reply<T>.None;
            if (reply.StatusCode != HttpStatusCode.OK)
                return Reply<T>.Silent($"{service} answered {(int)reply.StatusCode}.");
            await using var body = await reply.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync<T>(body, Json, cancellationToken) is { } found
                ? new Reply<T>(found, null)
                : Reply<T>.Silent($"{service} answered null.");
        }
        catch (HttpRequestException failure)
        {
            return Reply<T>.Silent($"{service} cannot be reached at {address}: {failure.GetBaseException().Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Reply<T>.Silent($"{service} did not answer within {_http.Timeout.TotalSeconds:0.##} s.");
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            return Reply<T>.Silent($"{service} answered something that cannot be read: {failure.Message}");
        }
    }
}

/// <summary>A service's answer: what it knows, or nothing, or why it is silent.</summary>
internal sealed record Reply<T>(T? Found, string? Silence)
    where T : class
{
    /// <summary>It answered that it knows nothing of the event.</summary>
    public static Reply<T> None { get; } = new(null, null);

    /// <summary>Nobody asked.</summary>
    public static Reply<T> Silent(string reason) => new(null, reason);
}

/// <summary>What the Receiver's log says.</summary>
internal sealed record LogEntry(
    [property: JsonPropertyName("trace_id")] string TraceId,
    [property: JsonPropertyName("accepted_at")] DateTimeOffset AcceptedAt,
    [property: JsonPropertyName("in_kafka")] bool InKafka
);

/// <summary>What Storage says.</summary>
internal sealed record StoredEvent(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("partition")] int Partition,
    [property: JsonPropertyName("seq")] ulong? Seq,
    [property: JsonPropertyName("row_partition")] int RowPartition,
    [property: JsonPropertyName("row_no")] long RowNo,
    [property: JsonPropertyName("stored_at")] DateTimeOffset StoredAt
);

/// <summary>What Processing says: up to which row of each partition and type the statistics go.</summary>
internal sealed record CountedRows(
    [property: JsonPropertyName("partitions")] IReadOnlyList<CountedPartition> Partitions,
    [property: JsonPropertyName("at")] DateTimeOffset? At = null
);

/// <summary>The highest counted row of one partition and type.</summary>
internal sealed record CountedPartition(
    [property: JsonPropertyName("partition")] int Partition,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("row_no")] long RowNo
);

/// <summary>What Consistency says.</summary>
internal sealed record EventVerdict(
    [property: JsonPropertyName("verdict")] string Verdict,
    [property: JsonPropertyName("at")] DateTimeOffset? At = null,
    [property: JsonPropertyName("since")] DateTimeOffset? Since = null
);

/// <summary>What Anomalies says.</summary>
internal sealed record EventAnomalies(
    [property: JsonPropertyName("anomalies")] IReadOnlyList<StationAnomaly> Anomalies,
    [property: JsonPropertyName("read_up_to")] IReadOnlyList<ReadPartition> ReadUpTo
);

/// <summary>How far the detectors have looked in one partition.</summary>
internal sealed record ReadPartition(
    [property: JsonPropertyName("partition")] int Partition,
    [property: JsonPropertyName("seq")] ulong Seq
);
