using Contracts;
using Processing.Source;

namespace Processing.Statistics;

/// <summary>
/// One cycle: for each type of a system, what Storage has behind the cursor is added, page by page. Types do not touch one another; where a
/// page cannot be had, nothing of it is counted and no cursor moves.
/// </summary>
internal sealed class UpdateStatistics(
    StorageClient storage,
    StatisticsStore store,
    StatisticsFile file,
    CycleHealth health,
    TimeProvider clock,
    ILogger<UpdateStatistics> logger
)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    public async Task RunAsync(EventSystem system, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(Budget, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, budget.Token);
        var failures = await Task.WhenAll(CountedType.Of(system).Select(type => TryAsync(type, both.Token)));
        health.Ran(system, failures.FirstOrDefault(failure => failure is not null));
        await file.WriteAsync(cancellationToken);
        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
            throw new StorageException(first);
    }

    private async Task<string?> TryAsync(CountedType type, CancellationToken cancellationToken)
    {
        try
        {
            await CountAsync(type, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var reason = failure is OperationCanceledException ? "The time of the cycle is over." : failure.GetBaseException().Message;
            logger.NotCounted(type.Type.Name, failure is StorageException ? failure.Message : reason);
            return $"{type.Type.Name}: {(failure is StorageException ? failure.Message : reason)}";
        }
    }

    private async Task CountAsync(CountedType type, CancellationToken cancellationToken)
    {
        var known = await store.FindAsync(type, cancellationToken);
        while (true)
        {
            var page = await storage.PageAsync(type, known?.Cursor, cancellationToken);
            if (page is null || known is not null && known.Cursor is not null && page.TableRev != known.TableRev)
            {
                // Storage was restored, or rows that were counted once are there again: only counting anew is right. A running maximum stays.
                logger.CountingAnew(type.Type.Name);
                var whole = await storage.AggregateAsync(type, null, cancellationToken);
                if (whole is null)
                    throw new StorageException("Storage refused to be counted without a cursor.");
                await store.ReplaceAsync(type, known, whole, keepMaxima: true, cancellationToken);
                return;
            }
            // Somebody else counted this page: it goes on from there, and this run has nothing to do.
            if (await store.AddAsync(type, known, page, cancellationToken) is not { } now)
                return;
            known = now;
            if (page.Count < StorageClient.PageRows)
                return;
        }
    }
}
