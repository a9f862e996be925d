using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ServiceDefaults;

/// <summary>The service's own database.</summary>
public static class ServiceDatabaseRegistration
{
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
}
