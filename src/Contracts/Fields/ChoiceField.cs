using System.Text.Json;

namespace Contracts.Fields;

/// <summary>One of a few words in an ENUM, in exactly the spelling of the contract.</summary>
internal sealed class ChoiceField(FieldDeclaration declaration) : EventField<string>(declaration)
{
    private readonly string[] _choices = [.. declaration.Choices];

    public override string ColumnType => $"ENUM({string.Join(',', _choices.Select(choice => $"'{choice}'"))})";

    public override IReadOnlyDictionary<string, object> Schema { get; } =
        new Dictionary<string, object> { ["type"] = "string", ["enum"] = declaration.Choices };

    public override object ColumnValue(EventMessage message) => Get(message);

    internal override void Write(Utf8JsonWriter json, EventMessage message) => json.WriteString(EncodedName, Get(message));

    internal override void Digest(ref DigestInput digest, EventMessage message) => digest.Add(Get(message));

    internal override void Digest(ref DigestInput digest, object? column) => digest.AddText(column);

    private protected override string? Parse(ref Utf8JsonReader json, Reading reading, out string value)
    {
        if (json.TokenType == JsonTokenType.String && JsonText.IsUnicode(ref json))
        {
            foreach (var choice in _choices)
            {
                if (json.ValueTextEquals(choice))
                {
                    value = choice;
                    return null;
                }
            }
        }
        value = "";
        return Must($"one of {string.Join(", ", _choices)}");
    }
}
