using System.Text.Json;

namespace Contracts.Fields;

/// <summary>A text in a VARCHAR, whose length counts characters as MySQL does: code points.</summary>
internal sealed class TextField : EventField<string>
{
    private readonly int _maxLength;
    private readonly bool _email;

    public TextField(FieldDeclaration declaration)
        : base(declaration)
    {
        _maxLength =
            declaration.MaxLength ?? throw new InvalidOperationException($"'{declaration.Name}' needs a [MaxLength], its column's.");
        _email = declaration.Email;
        var schema = new Dictionary<string, object> { ["type"] = "string", ["maxLength"] = _maxLength };
        if (_email)
            schema["format"] = "email";
        Schema = schema;
    }

    public override string ColumnType => $"VARCHAR({_maxLength})";

    public override IReadOnlyDictionary<string, object> Schema { get; }

    public override object ColumnValue(EventMessage message) => Get(message);

    internal override void Write(Utf8JsonWriter json, EventMessage message) => json.WriteString(EncodedName, Get(message));

    internal override void Digest(ref DigestInput digest, EventMessage message) => digest.Add(Get(message));

    internal override void Digest(ref DigestInput digest, object? column) => digest.AddText(column);

    private protected override string? Parse(ref Utf8JsonReader json, Reading reading, out string value)
    {
        value = "";
        if (json.TokenType != JsonTokenType.String)
            return Must("a string");
        if (!JsonText.TryGetString(ref json, out value))
            return Must("valid Unicode");
        if (value.Length > _maxLength && JsonText.Characters(value) > _maxLength)
            return Must($"at most {_maxLength} characters long");
        return _email && reading == Reading.Strict && !value.Contains('@', StringComparison.Ordinal)
            ? Must("an e-mail address, with an @")
            : null;
    }
}
