namespace Contracts.Fields;

/// <summary>How much a reader of payloads puts up with.</summary>
internal enum Reading
{
    /// <summary>What the Receiver accepts: the contract to the letter.</summary>
    Strict,

    /// <summary>What consumers accept from a topic that others write to as well: whatever a column can hold.</summary>
    Lenient,
}
