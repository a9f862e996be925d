using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Storage.Persistence;

/// <summary>Brings the tables to this version's shape, under the migrations' lock.</summary>
internal sealed class StorageSchema(IDbContextFactory<StorageDb> contexts) : IDatabaseSchema
{
    public string Probe => "SELECT 1 FROM event_count, table_rev LIMIT 0";

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
