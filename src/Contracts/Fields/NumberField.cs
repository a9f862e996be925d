using System.Globalization;
using System.Text.Json;

namespace Contracts.Fields;

/// <summary>A number in a DOUBLE.</summary>
internal sealed class NumberField(FieldDeclaration declaration) : EventField<double>(declaration)
{
    // The smallest a DOUBLE column is documented to hold; what is nearer to zero is stored as zero.
    private const double Smallest = 2.2250738585072014E-308;

    public override string ColumnType => "DOUBLE";

    public override IReadOnlyDictionary<string, object> Schema { get; } =
        new Dictionary<string, object>
        {
            ["type"] = "number",
            ["exclusiveMinimum"] = -FieldLimits.Number,
            ["exclusiveMaximum"] = FieldLimits.Number,
        };

    public override object ColumnValue(EventMessage message) => Column(Get(message));

    internal override void Write(Utf8JsonWriter json, EventMessage message) => json.WriteNumber(EncodedName, Get(message));

    internal override void Digest(ref DigestInput digest, EventMessage message) => digest.Add(Column(Get(message)));

    internal override void Digest(ref DigestInput digest, object? column)
    {
        if (column is null or DBNull)
            digest.AddAbsent();
        else
            digest.Add(Column(Convert.ToDouble(column, CultureInfo.InvariantCulture)));
    }

    private protected override string? Parse(ref Utf8JsonReader json, Reading reading, out double value)
    {
        value = 0;
        if (json.TokenType != JsonTokenType.Number)
            return Must("a number");
        if (!json.TryGetDouble(out value) || !double.IsFinite(value))
            return Must("a number below 10^15 in size");
        // Also in what strangers write: sums of larger ones would not be exact, and nothing that is measured is as large.
        return Math.Abs(value) >= FieldLimits.Number ? Must("a number below 10^15 in size") : null;
    }

    private static double Column(double value) => Math.Abs(value) < Smallest ? 0 : value;
}
