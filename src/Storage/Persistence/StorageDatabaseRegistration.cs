using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Storage.Persistence;

internal static class StorageDatabaseRegistration
{
    // The statements used are the same on every MySQL since this one and on MariaDB; asking the server would need it at the start.
    private static readonly MySqlServerVersion Oldest = new(new Version(8, 0, 36));

    public static ServiceDatabase AddStorageDatabase(this WebApplicationBuilder builder)
    {
        var database = builder.AddServiceDatabase(ServiceIdentity.Storage);
        builder.Services.AddDbContextFactory<StorageDb>(options => options.UseStorage(database));
        builder.Services.AddSingleton<IDatabaseSchema, StorageSchema>();
        return database;
    }

    internal static DbContextOptionsBuilder UseStorage(this DbContextOptionsBuilder options, ServiceDatabase database) =>
        options.UseMySql(database.ConnectionString, Oldest, mySql => mySql.CommandTimeout(60));
}
