using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Consistency.Persistence;

internal static class ConsistencyDatabaseRegistration
{
    // The statements used are the same on every MySQL since this one and on MariaDB; asking the server would need it at the start.
    private static readonly MySqlServerVersion Oldest = new(new Version(8, 0, 36));

    public static void AddConsistencyDatabase(this WebApplicationBuilder builder)
    {
        var database = builder.AddServiceDatabase(ServiceIdentity.Consistency);
        builder.Services.AddDbContextFactory<ConsistencyDb>(options => options.UseMySql(database.ConnectionString, Oldest));
        builder.Services.AddSingleton<IDatabaseSchema, ConsistencySchema>();
    }
}
