using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Processing.Persistence;

/// <summary>Brings the tables to this version's shape, under the migrations' lock.</summary>
internal sealed class ProcessingSchema(IDbContextFactory<ProcessingDb> contexts) : IDatabaseSchema
{
    public string Probe => "SELECT 1 FROM type_statistics, column_statistics LIMIT 0";

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
