using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Processing.Persistence;
using ServiceDefaults;

namespace Processing.Statistics;

/// <summary>The statistics as clients see them: the keys of each system that is on.</summary>
internal static class StatisticsDocument
{
    // What Runify shows before its first cycle.
    private static readonly DateTime NeverUpdated = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The document's UTF-8 bytes; null before a system that is shown has been counted whole for the first time.</summary>
    public static byte[]? Write(EnabledSystems systems, IReadOnlyList<TypeStatistics> statistics)
    {
        List<(CountedType Type, TypeStatistics? Counted)> shown =
        [
            .. CountedType
                .All.Where(type => systems.Has(type.Type))
                .Select(type => (type, statistics.SingleOrDefault(counted => counted.TypeId == type.Type.Id))),
        ];
        if (!shown.GroupBy(type => type.Type.Type.System).Any(system => system.All(type => type.Counted is not null)))
            return null;
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            foreach (var (type, counted) in shown)
                json.WriteNumber(type.CountKey, counted?.Counted ?? 0);
            foreach (var (type, counted) in shown)
            {
                foreach (var figure in type.Figures)
                {
                    json.WritePropertyName(figure.Key);
                    json.WriteRawValue(figure.Of(type.Type.System, counted));
                }
            }
            // The whole is as old as its oldest part.
            var updated = shown.Min(type => type.Counted?.UpdatedAt ?? NeverUpdated);
            var shape = systems.Runify ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-dd HH:mm:ss";
            json.WriteString("last_updated", updated.ToString(shape, CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        return body.WrittenSpan.ToArray();
    }
}
