using System.Text.Json;
using System.Text.Json.Serialization;

namespace Contracts;

/// <summary>
/// An event as it travels in the envelope's <c>payload</c>. A message that was read keeps the text it was read from, so it is passed on
/// exactly as the client sent it (number texts, dates, unknown properties); one built or copied in code is written from its properties.
/// Two messages are equal when their typed properties are, whatever their text.
/// </summary>
public abstract record EventMessage
{
    private DateTimeOffset _postedAt;

    private protected EventMessage() { }

    /// <summary>Copies the time and the unknown properties.</summary>
    /// <param name="original">The message to copy.</param>
    // A copy may differ in any property, so it gives up the text and keeps only what no property holds.
    protected EventMessage(EventMessage original)
    {
        _postedAt = original._postedAt;
        UnknownProperties = original.Original is { } text
            ? PayloadText.UnknownProperties(EventCatalog.Of(original), text)
            : original.UnknownProperties;
    }

    /// <summary>When the event was accepted: the envelope's <c>datetime</c>, which carries whole seconds, UTC.</summary>
    [JsonIgnore]
    public required DateTimeOffset PostedAt
    {
        get => _postedAt;
        init => _postedAt = value;
    }

    /// <summary>The event's identity as text, whatever the kind of its system's trace ids.</summary>
    [JsonIgnore]
    public abstract string Identity { get; }

    /// <summary>Properties no catalog field names; written after the typed ones. Empty on a message that still has its text.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, JsonElement> UnknownProperties { get; init; } = PayloadText.NoProperties;

    /// <summary>The payload this message was read from, trace id included; null for a message built or copied in code.</summary>
    internal ReadOnlyMemory<byte>? Original { get; set; }

    /// <summary>The payload as UTF-8 JSON: the text the message was read from, or its properties written out.</summary>
    public ReadOnlyMemory<byte> ToPayload() => Original ?? PayloadText.Write(this);

    /// <summary>Equal when of the same type and accepted at the same time; derived records add their properties.</summary>
    public virtual bool Equals(EventMessage? other) =>
        other is not null && EqualityContract == other.EqualityContract && PostedAt == other.PostedAt;

    // A reader learns the time after it has made the message.
    internal void SetPostedAt(DateTimeOffset postedAt) => _postedAt = postedAt;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, PostedAt);
}
