using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Anomalies.Persistence;

/// <summary>Brings the tables to this version's shape, under the migrations' lock.</summary>
internal sealed class AnomaliesSchema(IDbContextFactory<AnomaliesDb> contexts) : IDatabaseSchema
{
    public string Probe => "SELECT 1 FROM anomaly_head LIMIT 0";

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
