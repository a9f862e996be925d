namespace KafkaMySql;

/// <summary>How far a reader has come: what <c>GET {base}/progress</c> answers and the relay asks for.</summary>
public interface IInboxProgress
{
    /// <summary>Progress of all partitions, from the reader's database, read at most once a second per process.</summary>
    Task<ReaderProgress> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A reader's progress in every partition.</summary>
/// <param name="Log">The log that is read.</param>
/// <param name="Consumer">The reader's name.</param>
/// <param name="Partitions">One entry per partition, in order.</param>
public sealed record ReaderProgress(string Log, string Consumer, IReadOnlyList<PartitionProgress> Partitions);

/// <summary>A reader's progress in one partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Last">The last seq that was applied; 0 when none.</param>
/// <param name="StalledAt">Since when the reader stands at the partition's end with nothing it may take; null while it moves.</param>
public sealed record PartitionProgress(int Partition, ulong Last, DateTimeOffset? StalledAt);
