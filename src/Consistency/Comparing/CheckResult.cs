using ServiceDefaults;

namespace Consistency.Comparing;

/// <summary>What a comparison found.</summary>
internal sealed class CheckResult
{
    /// <summary>Up to where both readers were, per partition.</summary>
    public required IReadOnlyDictionary<int, ulong> Cut { get; init; }

    /// <summary>The digests of both sides that were compared, up to the cut.</summary>
    public required IReadOnlyDictionary<(int Partition, ulong Bucket, ushort Type), BucketPair> Buckets { get; init; }

    /// <summary>What both sides' buckets come to against the log, for what it keeps.</summary>
    public required Books Books { get; init; }

    /// <summary>What Storage and the topic's reader said first.</summary>
    public required SideSnapshot[] Snapshots { get; init; }

    /// <summary>The buckets that were looked into, each with what is wrong in it.</summary>
    public Dictionary<(int Partition, ulong Bucket), IReadOnlyList<Finding>> Looked { get; } = [];

    /// <summary>What was counted in the buckets of the log that were looked into.</summary>
    public Dictionary<
        (int Partition, ulong Bucket),
        IReadOnlyDictionary<(int Partition, ulong Bucket, ushort Type), BucketPair>
    > Recounted { get; } = [];

    /// <summary>Buckets that differ and were not looked into for want of time.</summary>
    public HashSet<(int Partition, ulong Bucket)> NotLooked { get; } = [];

    /// <summary>Events of the log beyond the cut, and foreign ones that a side has not come to yet.</summary>
    public long Pending { get; set; }

    /// <summary>There are too many differences to be entered.</summary>
    public bool Stopped { get; set; }

    public IEnumerable<Finding> Findings => Looked.Values.SelectMany(findings => findings);
}

/// <summary>Rows and digests of a bucket on both sides.</summary>
internal readonly record struct BucketPair(long StorageRows, ulong StorageDigest, long QueueRows, ulong QueueDigest)
{
    public bool IsEqual => StorageRows == QueueRows && StorageDigest == QueueDigest;

    public static Dictionary<(int Partition, ulong Bucket, ushort Type), BucketPair> Of(
        IEnumerable<SideBucket> storage,
        IEnumerable<SideBucket> queue
    )
    {
        var pairs = new Dictionary<(int Partition, ulong Bucket, ushort Type), BucketPair>();
        foreach (var bucket in storage)
        {
            var key = (bucket.Partition, bucket.Bucket, bucket.Type);
            var pair = pairs.GetValueOrDefault(key);
            pairs[key] = pair with { StorageRows = pair.StorageRows + bucket.Rows, StorageDigest = pair.StorageDigest ^ bucket.Digest };
        }
        foreach (var bucket in queue)
        {
            var key = (bucket.Partition, bucket.Bucket, bucket.Type);
            var pair = pairs.GetValueOrDefault(key);
            pairs[key] = pair with { QueueRows = pair.QueueRows + bucket.Rows, QueueDigest = pair.QueueDigest ^ bucket.Digest };
        }
        return pairs;
    }
}

/// <summary>Below the cut and for what the log keeps: its rows must be Storage's rows, dead letters and parked records.</summary>
/// <param name="LogRows">Rows of the log.</param>
/// <param name="StorageRows">Rows of Storage in the same buckets.</param>
/// <param name="Dead">Dead letters in them.</param>
/// <param name="Parked">Parked records in them.</param>
/// <param name="Unbalanced">The buckets where it is not so.</param>
internal sealed record Books(long LogRows, long StorageRows, long Dead, long Parked, IReadOnlyList<BookEntry> Unbalanced)
{
    public bool Balanced => Unbalanced.Count == 0;
}

/// <summary>The books of one bucket.</summary>
internal sealed record BookEntry(int Partition, ulong Bucket, long LogRows, long StorageRows, long Dead, long Parked);
