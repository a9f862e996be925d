using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Consistency.Persistence;

/// <summary>Brings the tables to this version's shape, under the migrations' lock.</summary>
internal sealed class ConsistencySchema(IDbContextFactory<ConsistencyDb> contexts) : IDatabaseSchema
{
    public string Probe => "SELECT 1 FROM difference, book, partition_state, check_run LIMIT 0";

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
