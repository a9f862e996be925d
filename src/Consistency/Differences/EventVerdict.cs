using Consistency.Checks;
using Consistency.Comparing;
using Consistency.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consistency.Differences;

/// <summary>What is known of one event: the difference it is, or what both readers have of it.</summary>
internal sealed class EventVerdict(IDbContextFactory<ConsistencyDb> contexts, SidePair sides, CheckStore store)
{
    /// <exception cref="SideException">A side could not be read, and nothing is known without it.</exception>
    public async Task<Verdict> ReadAsync(string traceId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var open = await db
            .Differences.AsNoTracking()
            .Where(difference => difference.TraceId == traceId && difference.ClosedAt == null)
            .OrderBy(difference => difference.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (open is not null && open.Class != DifferenceClass.MissingInLog.Name())
            // Both readers lack it: the table first of all.
            return new Verdict(
                open.Class == DifferenceClass.MissingInBoth.Name() ? DifferenceClass.MissingInDb.Name() : open.Class,
                open.LastSeen,
                open.FirstSeen
            );

        var at = (await store.LastAsync(cancellationToken)).Good?.StartedAt;
        var found = await Task.WhenAll(
            sides.Storage.FindAsync(traceId, cancellationToken),
            sides.Queue.FindAsync(traceId, cancellationToken)
        );
        var stored = found[0].Rows is [var row, ..] ? row : null;
        var queued = found[1].Rows is [var other, ..] ? other : null;
        if (stored is null && queued is null)
            return new Verdict(
                found.Any(side => side.Dead.Count > 0) ? DifferenceClass.DeadLettered.Name()
                    : found.Any(side => side.Parked.Count > 0) ? DifferenceClass.Parked.Name()
                    : "unknown",
                at,
                null
            );
        if (stored is null || queued is null || stored.Digest != queued.Digest)
            return new Verdict("pending", at, null);
        if (stored.Seq is not { } seq)
            return new Verdict("verified", at, null);
        var state = await db
            .Partitions.AsNoTracking()
            .SingleOrDefaultAsync(state => state.PartitionNo == stored.Partition, cancellationToken);
        if (state is null || seq > state.CutSeq)
            return new Verdict("pending", at, null);
        var book = await db
            .Books.AsNoTracking()
            .SingleOrDefaultAsync(
                book => book.PartitionNo == stored.Partition && book.Bucket == stored.Bucket && book.TypeId == stored.Type,
                cancellationToken
            );
        return new Verdict("verified", at, book?.CheckedAt);
    }
}

/// <summary>A verdict.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="At">When it was looked at last.</param>
/// <param name="Since">Since when it is so.</param>
internal sealed record Verdict(string Name, DateTime? At, DateTime? Since);
