namespace Consistency.Comparing;

/// <summary>What a run compares.</summary>
/// <param name="From">The first bucket of each partition; everything where it names none.</param>
/// <param name="Foreign">Which of the 256 buckets of foreign rows; null for none.</param>
/// <param name="Again">Buckets to look into whatever their digests say: those with open differences.</param>
/// <param name="Until">No further bucket is looked into after this.</param>
internal sealed record CheckScope(
    IReadOnlyDictionary<int, ulong> From,
    (int First, int Last)? Foreign,
    IReadOnlyCollection<(int Partition, ulong Bucket)> Again,
    DateTimeOffset Until
)
{
    /// <summary>More differences than this are not entered: something is wrong at large.</summary>
    public const int MostDifferences = 10_000;
}
