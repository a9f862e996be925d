using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Consistency.Comparing;
using Consistency.Persistence;
using Contracts;

namespace Consistency.Checks;

/// <summary>The result as the contract shows it.</summary>
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
        IReadOnlyDictionary<ushort, (long Storage, long Queue)> counts,
        (long Listings, long Bids) processing,
        IReadOnlyList<Difference> open
    )
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("last_updated"u8, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            json.WriteStartObject("counts"u8);
            var listings = counts.GetValueOrDefault(EventCatalog.Listings.Id);
            var bids = counts.GetValueOrDefault(EventCatalog.Bids.Id);
            WriteCounts(json, "db"u8, listings.Storage, bids.Storage);
            WriteCounts(json, "queue"u8, listings.Queue, bids.Queue);
            WriteCounts(json, "processing"u8, processing.Listings, processing.Bids);
            json.WriteEndObject();
            WriteList(json, "missing_in_db"u8, open.Where(difference => NotInDb.Contains(difference.Class)));
            WriteList(json, "missing_in_queue"u8, open.Where(difference => NotInQueue.Contains(difference.Class)));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static void WriteCounts(Utf8JsonWriter json, ReadOnlySpan<byte> name, long listings, long bids)
    {
        json.WriteStartObject(name);
        json.WriteNumber("listings"u8, listings);
        json.WriteNumber("bids"u8, bids);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<Difference> differences)
    {
        json.WriteStartArray(name);
        foreach (var difference in differences.Where(difference => IsRealEstate(difference.Type)))
        {
            json.WriteStartObject();
            // A number in the contract; where not even the log knows it any more, 0.
            json.WriteNumber(
                "event_id"u8,
                long.TryParse(difference.EventId, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : 0
            );
            json.WriteString("trace_id"u8, difference.TraceId);
            json.WriteString("type"u8, difference.Type);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static bool IsRealEstate(string? type) => type is not null && EventCatalog.Find(type)?.System == EventSystem.RealEstate;
}
