using ServiceDefaults;

namespace Consistency.Comparing;

/// <summary>A reader of the topic, as the comparison asks it.</summary>
internal interface ISide
{
    string Name { get; }

    Task<IReadOnlyList<SideLast>> LastAsync(CancellationToken cancellationToken);

    Task<SideSnapshot> SnapshotAsync(
        IReadOnlyDictionary<int, ulong> from,
        IReadOnlyDictionary<int, ulong> cut,
        (int First, int Last)? foreign,
        CancellationToken cancellationToken
    );

    Task<SideRows> RowsAsync(int partition, ulong bucket, ulong cut, CancellationToken cancellationToken);

    Task<SideComputed> ComputeAsync(IReadOnlyList<(int Partition, ulong Bucket)> buckets, CancellationToken cancellationToken);

    Task<SideRows> FindAsync(string traceId, CancellationToken cancellationToken);
}

/// <summary>The log, as the comparison asks it.</summary>
internal interface ILogSide
{
    Task<IReadOnlyDictionary<int, LogExtent>> ExtentsAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<LogSum>> BucketsAsync(int partition, ulong after, ulong upTo, CancellationToken cancellationToken);

    Task<IReadOnlyList<LogRow>> RowsAsync(int partition, ulong bucket, CancellationToken cancellationToken);

    /// <summary>The number or name a client knows an event by; null when the log has it no more.</summary>
    Task<string?> EventIdAsync(int partition, ulong seq, CancellationToken cancellationToken);
}

/// <summary>What the log keeps of a partition.</summary>
/// <param name="Lowest">Its lowest row; null when it keeps none.</param>
/// <param name="Last">The last number ever given.</param>
internal sealed record LogExtent(ulong? Lowest, ulong Last)
{
    /// <summary>Whether the log should have the row <paramref name="seq"/>, if it ever was.</summary>
    public bool Keeps(ulong seq) => Lowest is { } lowest ? seq >= lowest : seq > Last;
}

/// <summary>Rows and digest of a bucket of the log.</summary>
internal sealed record LogSum(ulong Bucket, long Rows, ulong Digest);

/// <summary>A row of the log.</summary>
internal sealed record LogRow(ulong Seq, ushort Type, string TraceId, ulong Digest);

/// <summary>A side could not be asked.</summary>
internal sealed class SideException(string message, Exception? inner = null) : Exception(message, inner);
