using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Consistency.Comparing;
using Consistency.Persistence;
using Contracts;

namespace Consistency.Checks;

/// <summary>The result as the contract shows it, of the types whose systems are on.</summary>
internal static class ChecksDocument
{
    private static readonly string[] NotInDb =
    [
        DifferenceClass.MissingInDb.Name(),
        DifferenceClass.MissingInBoth.Name(),
        DifferenceClass.DeadLettered.Name(),
        DifferenceClass.Parked.Name(),
    ];

    private static readonly string[] NotInQueue = [DifferenceClass.MissingInQueue.Name(), DifferenceClass.MissingInBoth.Name()];

    public static string Write(
        DateTimeOffset at,
        IReadOnlyList<EventType> types,
        IReadOnlyDictionary<ushort, (long Storage, long Queue)> counts,
        IReadOnlyDictionary<ushort, long> processing,
        IReadOnlyList<Difference> open
    )
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("last_updated"u8, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            json.WriteStartObject("counts"u8);
            WriteCounts(json, "db"u8, types, type => counts.GetValueOrDefault(type.Id).Storage);
            WriteCounts(json, "queue"u8, types, type => counts.GetValueOrDefault(type.Id).Queue);
            WriteCounts(json, "processing"u8, types, type => processing.GetValueOrDefault(type.Id));
            json.WriteEndObject();
            WriteList(json, "missing_in_db"u8, types, open.Where(difference => NotInDb.Contains(difference.Class)));
            WriteList(json, "missing_in_queue"u8, types, open.Where(difference => NotInQueue.Contains(difference.Class)));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static void WriteCounts(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        IReadOnlyList<EventType> types,
        Func<EventType, long> count
    )
    {
        json.WriteStartObject(name);
        foreach (var type in types)
            json.WriteNumber(type.Name, count(type));
        json.WriteEndObject();
    }

    private static void WriteList(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        IReadOnlyList<EventType> types,
        IEnumerable<Difference> differences
    )
    {
        json.WriteStartArray(name);
        foreach (var difference in differences)
        {
            if (types.FirstOrDefault(type => type.Name == difference.Type) is not { } type)
                continue;
            json.WriteStartObject();
            WriteEventId(json, type, difference.EventId);
            json.WriteString("trace_id"u8, difference.TraceId);
            json.WriteString("type"u8, difference.Type);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // A number in the real-estate contract; where not even the log knows it any more, 0. Runify's are texts.
    private static void WriteEventId(Utf8JsonWriter json, EventType type, string? eventId)
    {
        if (type.System == EventSystem.RealEstate)
            json.WriteNumber(
                "event_id"u8,
                long.TryParse(eventId, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : 0
            );
        else
            json.WriteString("event_id"u8, eventId ?? "");
    }
}
