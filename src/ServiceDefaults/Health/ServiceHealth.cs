using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults;

/// <summary>The health routes: alive (the process answers), ready (its dependencies work) and everything.</summary>
public static class ServiceHealth
{
    /// <summary>The tag of checks that decide whether the service is ready.</summary>
    public const string Ready = "ready";

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Adds a check that the service needs to be ready. Its description is the sentence shown.</summary>
    public static IServiceCollection AddReadyCheck<TCheck>(this IServiceCollection services, string dependency)
        where TCheck : class, IHealthCheck
    {
        services.AddHealthChecks().AddCheck<TCheck>(dependency, HealthStatus.Unhealthy, [Ready], CheckTimeout);
        return services;
    }

    internal static void AddServiceHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<StoppingCheck>("service", HealthStatus.Unhealthy, [Ready]);
        services.AddSingleton<IHealthCheckPublisher, HealthMetrics>();
        services.Configure<HealthCheckPublisherOptions>(publisher => publisher.Period = HealthMetrics.Period);
    }

    internal static void MapServiceHealth(this IEndpointRouteBuilder routes)
    {
        Map("/health/live", _ => false);
        Map("/health/ready", check => check.Tags.Contains(Ready));
        Map("/health", _ => true);

        void Map(string path, Func<HealthCheckRegistration, bool> predicate) =>
            routes
                .MapHealthChecks(
                    path,
                    new HealthCheckOptions
                    {
                        Predicate = predicate,
                        ResponseWriter = HealthReply.WriteAsync,
                        // Degraded still serves; only Unhealthy takes a service out of rotation.
                        ResultStatusCodes = { [HealthStatus.Unhealthy] = StatusCodes.Status503ServiceUnavailable },
                    }
                )
                .AcceptsAnyQuery()
                .DisableHttpMetrics();
    }

    /// <summary>Not ready once the service was asked to stop, so that nobody sends it new work.</summary>
    private sealed class StoppingCheck(IHostApplicationLifetime lifetime, ServiceIdentity service) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(
                lifetime.ApplicationStopping.IsCancellationRequested
                    ? HealthCheckResult.Unhealthy($"The {service.Name} is stopping.")
                    : HealthCheckResult.Healthy($"The {service.Name} is running.")
            );
    }
}
