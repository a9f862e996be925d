namespace Contracts;

/// <summary>What a record's value turned out to hold.</summary>
public abstract record EnvelopeContent
{
    private EnvelopeContent() { }

    /// <summary>An event of a type of the catalog; what passes can be stored.</summary>
    public sealed record Event(EventType Type, EventMessage Message) : EnvelopeContent;

    /// <summary>A well-formed envelope of a type the catalog does not have.</summary>
    /// <param name="Type">The envelope's <c>type</c>.</param>
    /// <param name="TraceId">The payload's trace id as text, if it has one.</param>
    public sealed record UnknownType(string Type, string? TraceId) : EnvelopeContent;

    /// <summary>Not an envelope, or one whose payload no table can hold.</summary>
    /// <param name="Reason">A sentence that names the field.</param>
    /// <param name="TraceId">The payload's trace id as text, if one was found.</param>
    public sealed record Undecodable(string Reason, string? TraceId) : EnvelopeContent;
}
