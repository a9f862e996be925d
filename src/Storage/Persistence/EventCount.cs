namespace Storage.Persistence;

/// <summary>How many events of one type the reader of one partition has stored, kept in the same transaction as the rows.</summary>
internal sealed class EventCount
{
    /// <summary>The partition whose reader stored them.</summary>
    public ushort RowPartition { get; init; }

    /// <summary>The type's number in the catalog.</summary>
    public ushort TypeId { get; init; }

    /// <summary>How many.</summary>
    public long Stored { get; init; }
}
