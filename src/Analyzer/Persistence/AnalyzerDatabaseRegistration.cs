using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Analyzer.Persistence;

internal static class AnalyzerDatabaseRegistration
{
    // The statements used are the same on every MySQL since this one and on MariaDB; asking the server would need it at the start.
    private static readonly MySqlServerVersion Oldest = new(new Version(8, 0, 36));

    public static ServiceDatabase AddAnalyzerDatabase(this WebApplicationBuilder builder)
    {
        var database = builder.AddServiceDatabase(ServiceIdentity.Analyzer);
        builder.Services.AddDbContextFactory<AnalyzerDb>(options => options.UseMySql(database.ConnectionString, Oldest));
        builder.Services.AddSingleton<IDatabaseSchema, AnalyzerSchema>();
        return database;
    }
}
