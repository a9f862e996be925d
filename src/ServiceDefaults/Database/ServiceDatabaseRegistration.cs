using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ServiceDefaults;

/// <summary>The service's own database.</summary>
public static class ServiceDatabaseRegistration
{
    // The statements used are the same on every MySQL since this one and on MariaDB; asking the server would need it at the start.
    private static readonly MySqlServerVersion Oldest = new(new Version(8, 0, 36));

    /// <summary>
    /// Adds the service's own database (<see cref="ServiceDatabase"/>): waited for, created where it is missing, with the tables of every
    /// <see cref="IDatabaseSchema"/> that is registered, and part of the service's readiness. Call it after <c>AddServiceDefaults</c>.
    /// </summary>
    /// <exception cref="SettingException">The settings do not say how to reach it.</exception>
    public static ServiceDatabase AddServiceDatabase(this WebApplicationBuilder builder, ServiceIdentity service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var database = new ServiceDatabase(DatabaseAddress.Read(builder.Configuration, service));
        // By a factory, so that the container disposes it.
        builder.Services.AddSingleton(_ => database);
        builder.Services.AddHostedService<DatabasePreparation>();
        builder.Services.AddReadyCheck<DatabaseCheck>("database");
        return database;
    }

    /// <summary>Adds the service's own database with the tables of <typeparamref name="TDb"/>, made and kept by its migrations.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="service">Whose database.</param>
    /// <param name="probe">A cheap SELECT that fails where the newest of the tables is missing.</param>
    /// <param name="commandTimeout">The longest a statement of the context may take; null for MySqlConnector's default of 30 s.</param>
    /// <exception cref="SettingException">The settings do not say how to reach it.</exception>
    public static ServiceDatabase AddServiceDatabase<TDb>(
        this WebApplicationBuilder builder,
        ServiceIdentity service,
        string probe,
        TimeSpan? commandTimeout = null
    )
        where TDb : DbContext
    {
        var database = builder.AddServiceDatabase(service);
        builder.Services.AddDbContextFactory<TDb>(options =>
            options.UseMySql(database.ConnectionString, Oldest, mySql => mySql.CommandTimeout((int?)commandTimeout?.TotalSeconds))
        );
        builder.Services.AddSingleton<IDatabaseSchema>(services => new MigratedSchema<TDb>(
            services.GetRequiredService<IDbContextFactory<TDb>>(),
            probe
        ));
        return database;
    }
}
