using Processing.Persistence;
using Processing.Source;

namespace Processing.Statistics;

/// <summary>Counts everything anew in one look at Storage, up to where was counted before, and puts it in the place of what was there.</summary>
internal sealed class Recompute(StorageClient storage, StatisticsStore store, StatisticsFile file, ILogger<Recompute> logger)
{
    private const int Attempts = 20;

    /// <exception cref="StorageException">Storage could not be asked; what was counted stays.</exception>
    public async Task<IReadOnlyList<RecomputedType>> RunAsync(CancellationToken cancellationToken)
    {
        var types = new List<RecomputedType>();
        foreach (var type in CountedType.All)
            types.Add(await RunAsync(type, cancellationToken));
        await file.WriteAsync(cancellationToken);
        return types;
    }

    private async Task<RecomputedType> RunAsync(CountedType type, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = await store.FindAsync(type, cancellationToken);
            var counted = before?.Counted;
            var whole =
                await storage.AggregateAsync(type, before?.Cursor, cancellationToken)
                ?? await storage.AggregateAsync(type, null, cancellationToken)
                ?? throw new StorageException("Storage refused to be counted without a cursor.");
            var equal = before is null || Equal(before, whole);
            // A cycle came between: what was read is not what is there any more.
            if (await store.ReplaceAsync(type, before, whole, keepMaxima: false, cancellationToken) is null)
                continue;
            if (!equal)
                logger.CountedWrongly(type.Type.Name, counted ?? 0, whole.Count);
            return new RecomputedType(type.Type.Name, counted, whole.Count, equal);
        }
        throw new StorageException($"The statistics of {type.Type.Name} changed again and again; try again.");
    }

    private static bool Equal(TypeStatistics before, StoragePage whole) =>
        before.Counted == whole.Count
        && whole.Columns.All(column =>
            before.Columns.Find(known => known.Name == column.Key) is { } known
            && known.Total == column.Value.Total
            && known.Maximum == column.Value.Maximum
        );
}
