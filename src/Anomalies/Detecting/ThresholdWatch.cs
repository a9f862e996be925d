using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Anomalies.Detecting;

/// <summary>Looks for changed limits every two seconds: a machine has only so many file watchers, and a small file costs nothing to read.</summary>
internal sealed class ThresholdWatch(Thresholds thresholds, TimeProvider clock) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            thresholds.Trouble is { } trouble
                ? HealthCheckResult.Degraded($"The limits that held before still do. {trouble}")
                : HealthCheckResult.Healthy($"{thresholds.Current}")
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                thresholds.Reload();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }
}
