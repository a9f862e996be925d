using System.Globalization;
using System.Text.Json;

namespace Contracts.Fields;

/// <summary>A 64-bit integer in a BIGINT. Consumers also take <c>1.0</c>, as foreign producers write integers.</summary>
internal sealed class IntegerField(FieldDeclaration declaration) : EventField<long>(declaration)
{
    public override string ColumnType => "BIGINT";

    public override IReadOnlyDictionary<string, object> Schema { get; } =
        new Dictionary<string, object> { ["type"] = "integer", ["format"] = "int64" };

    public override object ColumnValue(EventMessage message) => Get(message);

    internal override void Write(Utf8JsonWriter json, EventMessage message) => json.WriteNumber(EncodedName, Get(message));

    internal override void Digest(ref DigestInput digest, EventMessage message) => digest.Add(Get(message));

    internal override void Digest(ref DigestInput digest, object? column) =>
        digest.Add(Convert.ToInt64(column, CultureInfo.InvariantCulture));

    private protected override string? Parse(ref Utf8JsonReader json, Reading reading, out long value)
    {
        value = 0;
        if (json.TokenType != JsonTokenType.Number)
            return Must("an integer");
        if (json.TryGetInt64(out value))
            return null;
        if (reading == Reading.Strict)
            return Must("an integer of at most 64 bits, written without fraction or exponent");
        if (!json.TryGetDecimal(out var number) || number != decimal.Truncate(number))
            return Must("an integer");
        if (number is < long.MinValue or > long.MaxValue)
            return Must("an integer of at most 64 bits");
        value = (long)number;
        return null;
    }
}
