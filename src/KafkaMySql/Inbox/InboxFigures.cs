namespace KafkaMySql;

/// <summary>The figures of one partition's reader.</summary>
public sealed record InboxFigures
{
    /// <summary>The partition; <see cref="InboxOptions.DirectPartition"/> for events that came over no topic.</summary>
    public required int Partition { get; init; }

    /// <summary>Whether this process reads the partition.</summary>
    public bool Held { get; init; }

    /// <summary>The last seq that was taken, as last seen by this process.</summary>
    public ulong Last { get; init; }

    /// <summary>The next offset to be read.</summary>
    public long NextOffset { get; init; }

    /// <summary>The partition's end as last heard of; -1 when it was not.</summary>
    public long HighWatermark { get; init; } = -1;

    /// <summary>How many records wait on the topic; null when that is not known.</summary>
    public long? Lag => Held && HighWatermark >= 0 ? Math.Max(0, HighWatermark - NextOffset) : null;

    /// <summary>Records of the log whose event stands in its table, since the database was made.</summary>
    public long Applied { get; init; }

    /// <summary>Open dead letters of the log's own records, in the database.</summary>
    public long Dead { get; init; }

    /// <summary>Parked records, in the database.</summary>
    public long Parked { get; init; }

    /// <summary>Ranges of the log that expired before they were read, in the database.</summary>
    public long Expired { get; init; }

    /// <summary>Since when the reader stands at the partition's end, on the database's clock.</summary>
    public DateTime? StalledAt { get; init; }

    /// <summary>Committed batches.</summary>
    public long Batches { get; init; }

    /// <summary>Rows inserted.</summary>
    public long Stored { get; init; }

    /// <summary>Rows that were there and got their coordinate.</summary>
    public long Adopted { get; init; }

    /// <summary>Records dropped because they were taken before.</summary>
    public long Repeats { get; init; }

    /// <summary>Records left because one before them was missing.</summary>
    public long Ahead { get; init; }

    /// <summary>Records without the log's headers.</summary>
    public long Foreign { get; init; }

    /// <summary>Foreign records of an unknown type.</summary>
    public long Skipped { get; init; }

    /// <summary>Foreign records that could not be taken.</summary>
    public long ForeignDead { get; init; }

    /// <summary>Why the partition waits; null while it does not.</summary>
    public string? Waiting { get; init; }

    /// <summary>Since when it waits.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>Too many dead letters of the log's own records: the partition waits for somebody to look.</summary>
    public bool Stopped { get; init; }
}
