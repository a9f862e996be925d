namespace KafkaMySql;

/// <summary>Records of one partition that go through one transaction.</summary>
internal sealed record BatchRequest
{
    public required int Partition { get; init; }

    public required ReadOnlyMemory<InboxItem> Items { get; init; }

    /// <summary>Where to read on afterwards; null when the records came over no topic.</summary>
    public long? NextOffset { get; init; }

    /// <summary>The partition's end as last heard of; -1 when it was not.</summary>
    public long HighWatermark { get; init; } = -1;

    /// <summary>What was read before these records and is still to be written as progress; null for nothing.</summary>
    public PassedRange? Passed { get; init; }

    /// <summary>Everything the partition has was read, and nothing is in hand.</summary>
    public bool Stands { get; init; }

    /// <summary>Look for the trace ids before inserting.</summary>
    public bool LookUp { get; init; }

    /// <summary>The caller is told what was refused, so that nothing of it is kept.</summary>
    public bool Direct { get; init; }

    /// <summary>How many dead letters of own records may be entered; null for what the last minute leaves.</summary>
    public int? DeadLetterLimit { get; init; }
}
