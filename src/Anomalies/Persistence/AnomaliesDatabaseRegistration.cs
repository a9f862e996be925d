using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Anomalies.Persistence;

internal static class AnomaliesDatabaseRegistration
{
    // The statements used are the same on every MySQL since this one and on MariaDB; asking the server would need it at the start.
    private static readonly MySqlServerVersion Oldest = new(new Version(8, 0, 36));

    public static ServiceDatabase AddAnomaliesDatabase(this WebApplicationBuilder builder)
    {
        var database = builder.AddServiceDatabase(ServiceIdentity.Anomalies);
        builder.Services.AddDbContextFactory<AnomaliesDb>(options => options.UseMySql(database.ConnectionString, Oldest));
        builder.Services.AddSingleton<IDatabaseSchema, AnomaliesSchema>();
        return database;
    }
}
