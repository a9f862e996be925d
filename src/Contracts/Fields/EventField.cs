using System.Text.Json;

namespace Contracts.Fields;

/// <summary>
/// One typed property of a message, which is one key of the payload and one column of the type's table, all of the same name. What it
/// accepts follows from the property's type and annotations.
/// </summary>
public abstract class EventField
{
    private protected EventField(FieldDeclaration declaration)
    {
        Name = declaration.Name;
        Required = declaration.Required;
        EncodedName = JsonEncodedText.Encode(Name);
    }

    /// <summary>The key in the payload and the column's name.</summary>
    public string Name { get; }

    /// <summary>The payload must have it; otherwise the column may be NULL.</summary>
    public bool Required { get; }

    /// <summary>The column's type in SQL, such as <c>DECIMAL(18,2)</c>.</summary>
    public abstract string ColumnType { get; }

    /// <summary>The field's JSON Schema, without its description.</summary>
    public abstract IReadOnlyDictionary<string, object> Schema { get; }

    internal JsonEncodedText EncodedName { get; }

    /// <summary>
    /// What the row's column holds: <see cref="long"/>, <see cref="decimal"/> (2 decimals), <see cref="double"/>, <see cref="string"/>,
    /// <see cref="DateTime"/> (UTC, microseconds), or null for an absent optional value.
    /// </summary>
    public abstract object? ColumnValue(EventMessage message);

    /// <summary>Reads the value the reader stands at into the message.</summary>
    /// <returns>A sentence that names the field and what it should be; null when the value was taken.</returns>
    internal abstract string? Read(ref Utf8JsonReader json, EventMessage message, Reading reading);

    /// <summary>Writes key and value; nothing for an absent one.</summary>
    internal abstract void Write(Utf8JsonWriter json, EventMessage message);

    /// <summary>Adds the message's value, in the form the column holds it.</summary>
    internal abstract void Digest(ref DigestInput digest, EventMessage message);

    /// <summary>Adds a column's value, as the database driver returns it.</summary>
    internal abstract void Digest(ref DigestInput digest, object? column);

    private protected string Must(string be) => $"'{Name}' must be {be}.";
}
