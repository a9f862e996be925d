using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Contracts;
using Processing.Persistence;
using ServiceDefaults;

namespace Processing.Statistics;

/// <summary>The statistics as clients see them.</summary>
internal static class StatisticsDocument
{
    /// <summary>The document's UTF-8 bytes; null when a type of the systems shown was never counted.</summary>
    public static byte[]? Write(EnabledSystems systems, IReadOnlyList<TypeStatistics> statistics)
    {
        List<(CountedType Type, TypeStatistics? Counted)> shown =
        [
            .. CountedType
                .All.Where(type => type.Type.System == EventSystem.RealEstate ? systems.RealEstate : systems.Runify)
                .Select(type => (type, statistics.SingleOrDefault(counted => counted.TypeId == type.Type.Id))),
        ];
        if (shown.Count == 0 || shown.Exists(type => type.Counted is null))
            return null;
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            foreach (var (type, counted) in shown)
                json.WriteNumber(type.CountKey, counted!.Counted);
            foreach (var (type, counted) in shown)
            {
                foreach (var (column, key) in type.Maxima)
                {
                    json.WritePropertyName(key);
                    json.WriteRawValue(Amount(counted!.Columns.Find(known => known.Name == column)?.Maximum ?? 0));
                }
            }
            // The whole is as old as its older half.
            var updated = shown.Min(type => type.Counted!.UpdatedAt);
            json.WriteString("last_updated", updated.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        return body.WrittenSpan.ToArray();
    }

    // A number of the contract has a decimal point: 1000000.0.
    private static string Amount(decimal value) => value.ToString("0.0#####", CultureInfo.InvariantCulture);
}
