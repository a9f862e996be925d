using System.Globalization;
using System.Text.Json;

namespace Contracts.Fields;

/// <summary>An optional date-time in a DATETIME(6), UTC, cut to microseconds.</summary>
internal sealed class InstantField(FieldDeclaration declaration) : EventField<DateTimeOffset?>(declaration)
{
    private const string Shape = "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ";

    public override string ColumnType => "DATETIME(6)";

    public override IReadOnlyDictionary<string, object> Schema { get; } =
        new Dictionary<string, object> { ["type"] = "string", ["format"] = "date-time" };

    public override object? ColumnValue(EventMessage message) => Get(message) is { } instant ? Column(instant.UtcDateTime) : null;

    internal override void Write(Utf8JsonWriter json, EventMessage message)
    {
        if (Get(message) is { } instant)
            json.WriteString(EncodedName, instant.UtcDateTime.ToString(Shape, CultureInfo.InvariantCulture));
    }

    internal override void Digest(ref DigestInput digest, EventMessage message)
    {
        if (Get(message) is { } instant)
            digest.Add(Microseconds(instant.UtcDateTime));
        else
            digest.AddAbsent();
    }

    internal override void Digest(ref DigestInput digest, object? column)
    {
        if (column is null or DBNull)
            digest.AddAbsent();
        else
            digest.Add(Microseconds(Convert.ToDateTime(column, CultureInfo.InvariantCulture)));
    }

    private protected override string? Parse(ref Utf8JsonReader json, Reading reading, out DateTimeOffset? value)
    {
        value = null;
        if (json.TokenType != JsonTokenType.String)
            return Must("a date-time, as a string");
        if (!JsonText.TryParseInstant(ref json, out var utc))
            return Must("a date-time such as 2025-01-07T12:47:00Z");
        if (utc.Year < FieldLimits.FirstYear)
            return Must("of the years 1000 to 9999, UTC");
        value = new DateTimeOffset(utc);
        return null;
    }

    // The driver returns DATETIME without a kind: it is UTC, whatever the machine's zone.
    private static DateTime Column(DateTime utc) => new(utc.Ticks - utc.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);

    private static long Microseconds(DateTime utc) => utc.Ticks / TimeSpan.TicksPerMicrosecond;
}
