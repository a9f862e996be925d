namespace Consistency.Persistence;

/// <summary>The rows of one type in one bucket on both sides, as compared last.</summary>
internal sealed class Book
{
    public ushort PartitionNo { get; init; }

    public ulong Bucket { get; init; }

    public ushort TypeId { get; init; }

    public long StorageRows { get; set; }

    public ulong StorageDigest { get; set; }

    public long QueueRows { get; set; }

    public ulong QueueDigest { get; set; }

    public DateTime CheckedAt { get; set; }

    /// <summary>When the digests were computed from the columns last; the beginning of time before the first.</summary>
    public DateTime ComputedAt { get; set; }
}
