using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Processing.Persistence;

internal static class ProcessingDatabaseRegistration
{
    // The statements used are the same on every MySQL since this one and on MariaDB; asking the server would need it at the start.
    private static readonly MySqlServerVersion Oldest = new(new Version(8, 0, 36));

    public static void AddProcessingDatabase(this WebApplicationBuilder builder)
    {
        var database = builder.AddServiceDatabase(ServiceIdentity.Processing);
        builder.Services.AddDbContextFactory<ProcessingDb>(options => options.UseMySql(database.ConnectionString, Oldest));
        builder.Services.AddSingleton<IDatabaseSchema, ProcessingSchema>();
    }
}
