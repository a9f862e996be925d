namespace Storage.Persistence;

/// <summary>
/// How often a type's rows were changed otherwise than by adding new events at their end. Whoever counts rows by cursor counts anew when it
/// has risen. A type without a row has revision 0.
/// </summary>
internal sealed class TableRevision
{
    /// <summary>The type's number in the catalog.</summary>
    public ushort TypeId { get; init; }

    /// <summary>The revision; it only rises.</summary>
    public long Rev { get; init; }
}
