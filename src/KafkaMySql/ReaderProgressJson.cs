using System.Text.Json;

namespace KafkaMySql;

/// <summary>
/// The one form of <c>GET {base}/progress</c>, for the reader that writes it and the relay that reads it:
/// <c>{"log":"main","consumer":"storage","partitions":[{"partition":0,"last":123,"stalled_at":null}]}</c>.
/// </summary>
public static class ReaderProgressJson
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/json";

    /// <summary>The reply's bytes (UTF-8).</summary>
    public static byte[] Write(ReaderProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("log", progress.Log);
            json.WriteString("consumer", progress.Consumer);
            json.WriteStartArray("partitions");
            foreach (var partition in progress.Partitions)
            {
                json.WriteStartObject();
                json.WriteNumber("partition", partition.Partition);
                json.WriteNumber("last", partition.Last);
                if (partition.StalledAt is { } stalled)
                    json.WriteString("stalled_at", stalled.UtcDateTime);
                else
                    json.WriteNull("stalled_at");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Reads a reply. Unknown properties are passed over.</summary>
    /// <exception cref="JsonException">It has another form.</exception>
    public static ReaderProgress Read(ReadOnlyMemory<byte> reply)
    {
        using var document = JsonDocument.Parse(reply);
        try
        {
            var root = document.RootElement;
            return new ReaderProgress(
                root.GetProperty("log").GetString() ?? "",
                root.GetProperty("consumer").GetString() ?? "",
                [.. root.GetProperty("partitions").EnumerateArray().Select(ReadPartition)]
            );
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("Not a reader's progress.", failure);
        }
    }

    private static PartitionProgress ReadPartition(JsonElement partition) =>
        new(
            partition.GetProperty("partition").GetInt32(),
            partition.GetProperty("last").GetUInt64(),
            partition.GetProperty("stalled_at") is { ValueKind: JsonValueKind.String } stalled ? stalled.GetDateTimeOffset() : null
        );
}
