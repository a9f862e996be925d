namespace Consistency.Persistence;

/// <summary>How far a partition has been compared.</summary>
internal sealed class PartitionState
{
    public ushort PartitionNo { get; init; }

    /// <summary>Up to where both readers were in the last run.</summary>
    public ulong CutSeq { get; set; }

    /// <summary>All buckets below this are compared, and their differences entered.</summary>
    public ulong VerifiedBucket { get; set; }
}
