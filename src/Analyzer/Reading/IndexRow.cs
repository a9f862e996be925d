using System.Text.Json;
using Contracts;

namespace Analyzer.Reading;

/// <summary>An entry of the index as it is read.</summary>
internal sealed record IndexRow
{
    public required EventType Type { get; init; }

    public required long Position { get; init; }

    public required string TraceId { get; init; }

    public required string EventId { get; init; }

    public required int Partition { get; init; }

    public required ulong? Seq { get; init; }

    public required long Offset { get; init; }

    public required DateTime AcceptedAt { get; init; }

    public required DateTime TopicAt { get; init; }

    public required DateTime IndexedAt { get; init; }

    public required byte[] Payload { get; init; }
}

/// <summary>How ids are written: as numbers where the contract has numbers, else as texts.</summary>
internal static class IndexIds
{
    public static void WriteEventId(this Utf8JsonWriter json, EventType type, string eventId) =>
        Write(json, "event_id"u8, eventId, type.System == EventSystem.RealEstate);

    public static void WriteTraceId(this Utf8JsonWriter json, EventType type, string traceId) =>
        Write(json, "trace_id"u8, traceId, type.TraceIdKind == TraceIdKind.Nanoseconds);

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, string text, bool isNumber)
    {
        json.WritePropertyName(name);
        // The index keeps the digits of a number that was checked when it was read from the topic.
        if (isNumber)
            json.WriteRawValue(text);
        else
            json.WriteStringValue(text);
    }
}
