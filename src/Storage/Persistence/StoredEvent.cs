namespace Storage.Persistence;

/// <summary>What every stored event has beside its type's own columns.</summary>
internal abstract class StoredEvent
{
    /// <summary>Surrogate key, in the order of insertion.</summary>
    public long Id { get; init; }

    /// <summary>The partition of the event's coordinate in the log; for a foreign record the partition it came in.</summary>
    public ushort PartitionNo { get; init; }

    /// <summary>The event's number in its partition of the log; null for a foreign record.</summary>
    public ulong? Seq { get; init; }

    /// <summary>What digests are compared by: 4096 numbers of the log, or a hash of the trace id for a foreign record.</summary>
    public ulong Bucket { get; init; }

    /// <summary>Digest of the event's typed fields.</summary>
    public ulong Digest { get; init; }

    /// <summary>The partition whose reader inserted the row. It stays when a foreign row is given a coordinate, so that cursors stay true.</summary>
    public ushort RowPartition { get; init; }

    /// <summary>The row's number among those of <see cref="RowPartition"/>, rising with <see cref="StoredAt"/>.</summary>
    public long RowNo { get; init; }

    /// <summary>When the row was stored, on the database's clock, UTC.</summary>
    public DateTime StoredAt { get; init; }
}
