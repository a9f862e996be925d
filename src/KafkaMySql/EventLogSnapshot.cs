namespace KafkaMySql;

/// <summary>The state of log and relay as this process knows it.</summary>
public sealed record EventLogSnapshot
{
    /// <summary>Why events cannot be stored; null while the database answers.</summary>
    public string? DatabaseTrouble { get; init; }

    /// <summary>Since when; null while the database answers.</summary>
    public DateTimeOffset? DatabaseDownSince { get; init; }

    /// <summary>What is wrong with the database's settings; null when a commit outlives a power cut.</summary>
    public string? DurabilityWarning { get; init; }

    /// <summary>The leased node number; null without a confirmed lease, and then no trace ids are given.</summary>
    public int? Node { get; init; }

    /// <summary>Why the relay waits for Kafka; null while it does not, or this process relays nothing.</summary>
    public string? KafkaTrouble { get; init; }

    /// <summary>A reader is ahead of the log: the log was restored or reset.</summary>
    public bool ReaderAhead { get; init; }

    /// <summary>Events that wait for the writer.</summary>
    public int Queued { get; init; }

    /// <summary>Rows in the log that Kafka lacks.</summary>
    public long BacklogRows { get; init; }

    /// <summary>Their bytes.</summary>
    public long BacklogBytes { get; init; }

    /// <summary>Age of the oldest.</summary>
    public TimeSpan BacklogAge { get; init; }

    /// <summary>Which cap of the backlog is exceeded, so that events are refused; null when none is.</summary>
    public string? BacklogExcess { get; init; }

    /// <summary>All partitions in order; empty before the first heartbeat.</summary>
    public required IReadOnlyList<PartitionSnapshot> Partitions { get; init; }

    /// <summary>All configured readers, in the order of the settings.</summary>
    public required IReadOnlyList<ReaderSnapshot> Readers { get; init; }
}

/// <summary>One partition of the log.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Head">The last row's seq.</param>
/// <param name="Sent">What was handed to the producer; for a partition of another node as it noted it last.</param>
/// <param name="Acked">What Kafka acknowledged without a hole; it falls while the relay sends again for a reader.</param>
/// <param name="Owner">The base address of the node that relays it; null when nobody does.</param>
/// <param name="OwnedHere">Whether that is this process.</param>
public sealed record PartitionSnapshot(int Partition, ulong Head, ulong Sent, ulong Acked, string? Owner, bool OwnedHere);

/// <summary>One reader, in the partitions this process relays.</summary>
/// <param name="Name">The reader.</param>
/// <param name="Trouble">Why it does not answer; null when it does, or is not asked.</param>
/// <param name="Partitions">Its progress.</param>
public sealed record ReaderSnapshot(string Name, string? Trouble, IReadOnlyList<ReaderPartitionSnapshot> Partitions);

/// <summary>One reader's progress in a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Last">The last seq it applied.</param>
/// <param name="LagRows">Rows that Kafka has and it lacks, at most a batch too many; for a reader far behind, at least so many.</param>
/// <param name="LagAge">How long ago the first of them was acknowledged.</param>
public sealed record ReaderPartitionSnapshot(int Partition, ulong Last, long LagRows, TimeSpan LagAge);
