using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contracts;
using KafkaMySql;

namespace Receiver.Archive;

/// <summary>The log's rows as JSON. Digests are strings: they do not fit the numbers of every reader.</summary>
internal static class ArchiveJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteJsonAsync(this HttpResponse response, Action<Utf8JsonWriter> fields, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, Options))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, cancellationToken);
    }

    public static void Write(Utf8JsonWriter json, LogExtent extent)
    {
        json.WriteStartObject();
        json.WriteNumber("partition"u8, extent.Partition);
        WriteSeq(json, "lowest"u8, extent.Lowest);
        json.WriteNumber("last"u8, extent.Last);
        json.WriteNumber("sent"u8, extent.Sent);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, LogBucket bucket)
    {
        json.WriteStartObject();
        json.WriteNumber("bucket"u8, bucket.Bucket);
        json.WriteNumber("rows"u8, bucket.Rows);
        json.WriteString("digest"u8, Digits(bucket.Digest));
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, LogBucketRow row)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, row.Seq);
        json.WriteNumber("type"u8, row.TypeId);
        json.WriteString("trace_id"u8, row.TraceId);
        json.WriteString("digest"u8, Digits(row.Digest));
        json.WriteEndObject();
    }

    public static void WriteFields(Utf8JsonWriter json, LogEntry entry)
    {
        json.WriteNumber("partition"u8, entry.Partition);
        json.WriteNumber("seq"u8, entry.Seq);
        json.WriteNumber("after"u8, entry.After);
        json.WriteString("trace_id"u8, entry.TraceId);
        json.WriteString("type"u8, EventCatalog.Find(entry.TypeId)?.Name ?? entry.TypeId.ToString(CultureInfo.InvariantCulture));
        json.WriteString("key"u8, Encoding.UTF8.GetString(entry.Key));
        json.WriteString("digest"u8, Digits(entry.Digest));
        json.WriteString("accepted_at"u8, entry.AcceptedAt);
        json.WriteBoolean("in_kafka"u8, entry.InKafka);
        json.WriteStartObject("read_by"u8);
        foreach (var (reader, read) in entry.ReadBy)
        {
            if (read is { } known)
                json.WriteBoolean(reader, known);
            else
                json.WriteNull(reader);
        }
        json.WriteEndObject();
        json.WriteStartObject("headers"u8);
        foreach (var (name, value) in entry.Headers)
            json.WriteString(name, Encoding.UTF8.GetString(value));
        json.WriteEndObject();
        // The value as it stands on the topic, byte for byte.
        json.WritePropertyName("value"u8);
        json.WriteRawValue(entry.Value);
    }

    private static void WriteSeq(Utf8JsonWriter json, ReadOnlySpan<byte> name, ulong? seq)
    {
        if (seq is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    private static string Digits(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
