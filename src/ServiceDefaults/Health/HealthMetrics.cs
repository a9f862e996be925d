using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ServiceDefaults;

/// <summary>
/// Exports what the health checks last said as the gauge <c>health.status</c>: 1 Healthy, 0.5 Degraded, 0 Unhealthy, tagged
/// <c>dependency</c>; so that who watches the metrics needs no second way to ask.
/// </summary>
internal sealed class HealthMetrics : IHealthCheckPublisher
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private volatile HealthReport? _report;

    public HealthMetrics(IMeterFactory meters, ServiceIdentity service) =>
        meters
            .Create(service.Name)
            .CreateObservableGauge(
                "health.status",
                Measure,
                description: "What a health check last said: 1 healthy, 0.5 degraded, 0 unhealthy."
            );

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        _report = report;
        return Task.CompletedTask;
    }

    private IEnumerable<Measurement<double>> Measure() =>
        _report?.Entries.Select(entry => new Measurement<double>(
            entry.Value.Status switch
            {
                HealthStatus.Healthy => 1,
                HealthStatus.Degraded => 0.5,
                _ => 0,
            },
            new KeyValuePair<string, object?>("dependency", entry.Key)
        )) ?? [];
}
