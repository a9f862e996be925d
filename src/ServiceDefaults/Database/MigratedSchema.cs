using Microsoft.EntityFrameworkCore;

namespace ServiceDefaults;

/// <summary>Tables of a context, brought to this version's shape by its migrations, under their lock.</summary>
internal sealed class MigratedSchema<TDb>(IDbContextFactory<TDb> contexts, string probe) : IDatabaseSchema
    where TDb : DbContext
{
    public string Probe => probe;

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
