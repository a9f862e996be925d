using System.Globalization;
using System.Text.Json;

namespace Contracts.Fields;

/// <summary>
/// An amount of money in a DECIMAL(18,2). The message keeps the client's decimals; the row holds two, rounded half away from zero.
/// </summary>
internal sealed class MoneyField(FieldDeclaration declaration) : EventField<decimal>(declaration)
{
    // DECIMAL(18,2) has 16 digits before the point.
    private const decimal ColumnLimit = 10_000_000_000_000_000m;

    private readonly decimal? _minimum = declaration.Minimum;

    public override string ColumnType => "DECIMAL(18,2)";

    public override IReadOnlyDictionary<string, object> Schema { get; } =
        declaration.Minimum is { } minimum
            ? new Dictionary<string, object>
            {
                ["type"] = "number",
                ["minimum"] = minimum,
                ["exclusiveMaximum"] = FieldLimits.Number,
            }
            : new Dictionary<string, object>
            {
                ["type"] = "number",
                ["exclusiveMinimum"] = -FieldLimits.Number,
                ["exclusiveMaximum"] = FieldLimits.Number,
            };

    public override object ColumnValue(EventMessage message) => Column(Get(message));

    internal override void Write(Utf8JsonWriter json, EventMessage message) => json.WriteNumber(EncodedName, Get(message));

    internal override void Digest(ref DigestInput digest, EventMessage message) => digest.Add(Cents(Get(message)));

    internal override void Digest(ref DigestInput digest, object? column)
    {
        if (column is null or DBNull)
            digest.AddAbsent();
        else
            digest.Add(Cents(Convert.ToDecimal(column, CultureInfo.InvariantCulture)));
    }

    private protected override string? Parse(ref Utf8JsonReader json, Reading reading, out decimal value)
    {
        value = 0;
        if (json.TokenType != JsonTokenType.Number)
            return Must("a number");
        if (!json.TryGetDecimal(out value))
        {
            // Too large for a decimal, or an exponent the parser gives up on although the number is next to nothing.
            if (!json.TryGetDouble(out var number) || Math.Abs(number) > 1e-20)
                return TooLarge();
            value = 0;
        }
        if (reading == Reading.Lenient)
            return Math.Abs(Column(value)) < ColumnLimit ? null : TooLarge();
        if (Math.Abs(value) >= (decimal)FieldLimits.Number)
            return TooLarge();
        return value < _minimum ? Must($"a number, {_minimum} or more") : null;
    }

    private static decimal Column(decimal value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);

    private static long Cents(decimal value) => (long)(Column(value) * 100);

    private string TooLarge() => Must("a number below 10^15 in size");
}
