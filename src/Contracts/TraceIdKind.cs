namespace Contracts;

/// <summary>What a system's trace ids look like.</summary>
public enum TraceIdKind
{
    /// <summary>A positive 64-bit integer of 19 digits, in time order: a JSON integer.</summary>
    Nanoseconds,

    /// <summary>A version 7 UUID, lower case with hyphens: a JSON string.</summary>
    Uuid,
}
