using Microsoft.EntityFrameworkCore;
using Processing.Persistence;
using Processing.Source;

namespace Processing.Statistics;

/// <summary>Keeps what was counted. A change is made to the revision that was read or not at all.</summary>
internal sealed class StatisticsStore(IDbContextFactory<ProcessingDb> contexts, TimeProvider clock)
{
    public async Task<IReadOnlyList<TypeStatistics>> AllAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Statistics.AsNoTracking().Include(type => type.Columns).AsSingleQuery().ToListAsync(cancellationToken);
    }

    public async Task<TypeStatistics?> FindAsync(CountedType type, CancellationToken cancellationToken) =>
        (await AllAsync(cancellationToken)).SingleOrDefault(known => known.TypeId == type.Type.Id);

    /// <summary>Adds a page to what was read as <paramref name="known"/>; null when somebody else changed it meanwhile.</summary>
    public Task<TypeStatistics?> AddAsync(CountedType type, TypeStatistics? known, StoragePage page, CancellationToken cancellationToken) =>
        SaveAsync(
            type,
            known,
            page,
            statistics => statistics.Counted += page.Count,
            (column, sum) =>
            {
                column.Total += sum.Total;
                column.Maximum = Higher(column.Maximum, sum.Maximum);
            },
            cancellationToken
        );

    /// <summary>
    /// Puts what Storage has in the place of what was read as <paramref name="known"/>; null when somebody else changed it meanwhile. With
    /// <paramref name="keepMaxima"/> a maximum that was counted once stays, though its row be gone.
    /// </summary>
    public Task<TypeStatistics?> ReplaceAsync(
        CountedType type,
        TypeStatistics? known,
        StoragePage whole,
        bool keepMaxima,
        CancellationToken cancellationToken
    ) =>
        SaveAsync(
            type,
            known,
            whole,
            statistics => statistics.Counted = whole.Count,
            (column, sum) =>
            {
                column.Total = sum.Total;
                column.Maximum = keepMaxima ? Higher(column.Maximum, sum.Maximum) : sum.Maximum;
            },
            cancellationToken
        );

    private static decimal? Higher(decimal? one, decimal? other) => one is null || other > one ? other ?? one : one;

    private async Task<TypeStatistics?> SaveAsync(
        CountedType type,
        TypeStatistics? known,
        StoragePage page,
        Action<TypeStatistics> count,
        Action<ColumnStatistics, ColumnSum> change,
        CancellationToken cancellationToken
    )
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var statistics = known ?? new TypeStatistics { TypeId = type.Type.Id, Rows = "" };
        // As it was read, which is what the revision is compared with; or new, which fails where another one was quicker.
        db.Statistics.Attach(statistics).State = known is null ? EntityState.Added : EntityState.Unchanged;
        count(statistics);
        foreach (var (name, sum) in page.Columns)
        {
            var column = statistics.Columns.Find(column => column.Name == name);
            if (column is null)
                statistics.Columns.Add(column = new ColumnStatistics { TypeId = type.Type.Id, Name = name });
            change(column, sum);
        }
        statistics.Rev++;
        statistics.Cursor = page.After;
        statistics.Rows = page.Rows;
        statistics.TableRev = page.TableRev;
        statistics.UpdatedAt = clock.GetUtcNow().UtcDateTime;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return statistics;
        }
        catch (DbUpdateConcurrencyException)
        {
            return null;
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is MySqlConnector.MySqlException { ErrorCode: MySqlConnector.MySqlErrorCode.DuplicateKeyEntry })
        {
            return null;
        }
    }
}
