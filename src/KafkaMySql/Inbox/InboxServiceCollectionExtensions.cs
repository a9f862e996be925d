using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>Adds the inbox to a service.</summary>
public static class InboxServiceCollectionExtensions
{
    /// <inheritdoc cref="AddMySqlInbox(IServiceCollection, Action{InboxOptions, IServiceProvider})"/>
    public static IServiceCollection AddMySqlInbox(this IServiceCollection services, Action<InboxOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddMySqlInbox((options, _) => configure(options));
    }

    /// <summary>
    /// Adds <see cref="InboxWriter"/>, <see cref="IInboxProgress"/> and a health check named <c>inbox</c>. Settings come from the section
    /// <c>Inbox</c>, then from <paramref name="configure"/>, which sets at least the decoder and one table per type. Wrong settings stop the
    /// start; a database that is not there does not, it is waited for.
    /// </summary>
    public static IServiceCollection AddMySqlInbox(this IServiceCollection services, Action<InboxOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InboxOptions>, InboxOptionsCheck>());
        services
            .AddOptions<InboxOptions>()
            .Configure<IServiceProvider>(
                (options, provider) =>
                {
                    provider.GetService<IConfiguration>()?.GetSection(InboxOptions.Section).Bind(options);
                    configure(options, provider);
                }
            )
            .ValidateOnStart();
        services.TryAddSingleton(provider => new InboxWriter(
            Options(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<InboxWriter>>()
        ));
        services.TryAddSingleton<IInboxProgress>(provider => new InboxProgress(
            Options(provider),
            provider.GetRequiredService<InboxWriter>().Setup,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<InboxWriter>>()
        ));
        services.TryAddSingleton<InboxWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<InboxWatch>());
        services.TryAddSingleton<InboxPartitionObserver>();
        services.AddHealthChecks().AddCheck<InboxHealthCheck>("inbox");
        return services;
    }

    private static InboxOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<InboxOptions>>().Value;
}
