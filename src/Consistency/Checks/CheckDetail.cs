using Consistency.Comparing;
using KafkaMySql;

namespace Consistency.Checks;

/// <summary>What a run found beside the contract's document.</summary>
internal sealed record CheckDetail(
    IReadOnlyList<PartitionSeq> Cut,
    IReadOnlyList<PartitionSeq> Verified,
    long Pending,
    bool Stopped,
    int NotLooked,
    int ComparedMs,
    BooksDetail Books,
    Computed Computed
)
{
    private const int ShownEntries = 100;

    public static CheckDetail Of(CheckResult result, TimeSpan compared, Computed computed, IReadOnlyDictionary<int, ulong> verified) =>
        new(
            [.. result.Cut.OrderBy(partition => partition.Key).Select(partition => new PartitionSeq(partition.Key, partition.Value))],
            [
                .. verified
                    .OrderBy(partition => partition.Key)
                    .Select(partition => new PartitionSeq(partition.Key, LogBucket.First(partition.Value))),
            ],
            result.Pending,
            result.Stopped,
            result.NotLooked.Count,
            (int)compared.TotalMilliseconds,
            new BooksDetail(
                result.Books.LogRows,
                result.Books.StorageRows,
                result.Books.Dead,
                result.Books.Parked,
                result.Books.Balanced,
                [.. result.Books.Unbalanced.Take(ShownEntries)]
            ),
            computed
        );
}

/// <summary>A place in a partition of the log.</summary>
internal sealed record PartitionSeq(int Partition, ulong Seq);

/// <summary>The books of the buckets compared: rows of the log = rows of Storage + dead letters + parked.</summary>
internal sealed record BooksDetail(
    long LogRows,
    long StorageRows,
    long Dead,
    long Parked,
    bool Balanced,
    IReadOnlyList<BookEntry> Unbalanced
);
