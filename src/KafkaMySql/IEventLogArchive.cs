namespace KafkaMySql;

/// <summary>Looks into the log. For operators and the consistency check; nothing here is on an event's way.</summary>
public interface IEventLogArchive
{
    /// <summary>One event with its bytes; null when the log has no such row (any more).</summary>
    Task<LogEntry?> FindAsync(int partition, ulong seq, CancellationToken cancellationToken);

    /// <summary>The lowest and the last row of every partition.</summary>
    Task<IReadOnlyList<LogExtent>> ExtentsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Rows and digest of every bucket (<c>seq DIV 4096</c>) of <paramref name="partition"/> with rows above <paramref name="after"/> and up
    /// to <paramref name="upTo"/>, in order.
    /// </summary>
    IAsyncEnumerable<LogBucket> BucketsAsync(int partition, ulong after, ulong upTo, CancellationToken cancellationToken);

    /// <summary>The rows of one bucket in order, without their bytes.</summary>
    Task<IReadOnlyList<LogBucketRow>> RowsAsync(int partition, ulong bucket, CancellationToken cancellationToken);
}

/// <summary>A row of the log.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Seq">Its number.</param>
/// <param name="After">The number of the row before it.</param>
/// <param name="TraceId">The event's identity.</param>
/// <param name="TypeId">The number of its type in the catalog.</param>
/// <param name="Key">The record key.</param>
/// <param name="Value">The record value.</param>
/// <param name="Headers">The headers beyond the log's own.</param>
/// <param name="Digest">Digest of its typed fields.</param>
/// <param name="AcceptedAt">When it was committed, on the database's clock.</param>
/// <param name="InKafka">Whether Kafka acknowledged it.</param>
/// <param name="ReadBy">For each reader whether it has it; null when this process does not know.</param>
public sealed record LogEntry(
    int Partition,
    ulong Seq,
    ulong After,
    string TraceId,
    ushort TypeId,
    byte[] Key,
    byte[] Value,
    IReadOnlyList<KeyValuePair<string, byte[]>> Headers,
    ulong Digest,
    DateTimeOffset AcceptedAt,
    bool InKafka,
    IReadOnlyDictionary<string, bool?> ReadBy
);

/// <summary>What the log still keeps of a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Lowest">The lowest row's seq; null when it keeps none.</param>
/// <param name="Last">The last seq ever given to a row; 0 for none.</param>
/// <param name="Sent">What Kafka acknowledged, as noted last.</param>
public sealed record LogExtent(int Partition, ulong? Lowest, ulong Last, ulong Sent);

/// <summary>
/// Rows of one bucket of a partition: <see cref="Size"/> numbers of the log, what digests are compared by. Rows of foreign records, which
/// have no number, lie in buckets 0 to <see cref="Foreign"/> - 1 by a hash of their trace id.
/// </summary>
/// <param name="Bucket"><c>seq DIV 4096</c>.</param>
/// <param name="Rows">How many.</param>
/// <param name="Digest">The exclusive or of their digests.</param>
public sealed record LogBucket(ulong Bucket, long Rows, ulong Digest)
{
    /// <summary>Numbers of the log in a bucket. It stands in the rows of every reader and is never changed.</summary>
    public const ulong Size = 4096;

    /// <summary>Buckets below this hold foreign rows: no log has numbers so low.</summary>
    public const ulong Foreign = 256;

    /// <summary>The bucket of a row with the number <paramref name="seq"/>.</summary>
    public static ulong Of(ulong seq) => seq / Size;

    /// <summary>The lowest number that falls into <paramref name="bucket"/>.</summary>
    public static ulong First(ulong bucket) => bucket * Size;

    /// <summary>The highest number that falls into <paramref name="bucket"/>.</summary>
    public static ulong Last(ulong bucket) => First(bucket) + Size - 1;
}

/// <summary>A row without its bytes.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="TypeId">The number of its type in the catalog.</param>
/// <param name="TraceId">The event's identity.</param>
/// <param name="Digest">Digest of its typed fields.</param>
public sealed record LogBucketRow(ulong Seq, ushort TypeId, string TraceId, ulong Digest);
