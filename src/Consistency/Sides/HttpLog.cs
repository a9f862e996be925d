using System.Globalization;
using System.Text.Json;
using Consistency.Comparing;
using Contracts;

namespace Consistency.Sides;

/// <summary>The Receiver's log over HTTP.</summary>
internal sealed class HttpLog(HttpClient http, string url) : ILogSide
{
    private const string Name = "The Receiver";

    public async Task<IReadOnlyDictionary<int, LogExtent>> ExtentsAsync(CancellationToken cancellationToken) =>
        (await GetAsync("", cancellationToken))
            .GetProperty("partitions")
            .EnumerateArray()
            .ToDictionary(
                partition => partition.GetProperty("partition").GetInt32(),
                partition => new LogExtent(
                    partition.GetProperty("lowest") is { ValueKind: JsonValueKind.Number } lowest ? lowest.GetUInt64() : null,
                    partition.GetProperty("last").GetUInt64()
                )
            );

    public async Task<IReadOnlyList<LogSum>> BucketsAsync(int partition, ulong after, ulong upTo, CancellationToken cancellationToken) =>
        [
            .. (await GetAsync($"/{partition}?after={after}&up_to={upTo}", cancellationToken))
                .GetProperty("buckets")
                .EnumerateArray()
                .Select(bucket => new LogSum(
                    bucket.GetProperty("bucket").GetUInt64(),
                    bucket.GetProperty("rows").GetInt64(),
                    Digits(bucket.GetProperty("digest"))
                )),
        ];

    public async Task<IReadOnlyList<LogRow>> RowsAsync(int partition, ulong bucket, CancellationToken cancellationToken) =>
        [
            .. (await GetAsync($"/{partition}/buckets/{bucket}", cancellationToken))
                .GetProperty("rows")
                .EnumerateArray()
                .Select(row => new LogRow(
                    row.GetProperty("seq").GetUInt64(),
                    row.GetProperty("type").GetUInt16(),
                    row.GetProperty("trace_id").GetString()!,
                    Digits(row.GetProperty("digest"))
                )),
        ];

    public async Task<string?> EventIdAsync(int partition, ulong seq, CancellationToken cancellationToken)
    {
        using var reply = await http.GetAsync(new Uri($"{url}/log/{partition}/{seq}"), cancellationToken);
        if (!reply.IsSuccessStatusCode)
            return null;
        using var entry = JsonDocument.Parse(await reply.Content.ReadAsByteArrayAsync(cancellationToken));
        var value = entry.RootElement.GetProperty("value").GetRawText();
        return Envelope.Read(System.Text.Encoding.UTF8.GetBytes(value)) is EnvelopeContent.Event(var type, var message)
            ? Convert.ToString(type.EventId(message), CultureInfo.InvariantCulture)
            : null;
    }

    private Task<JsonElement> GetAsync(string route, CancellationToken cancellationToken) =>
        Asking.GetAsync<JsonElement>(http, Name, $"{url}/log{route}", JsonSerializerOptions.Web, cancellationToken);

    private static ulong Digits(JsonElement text) => ulong.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}
