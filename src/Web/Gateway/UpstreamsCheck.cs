using Microsoft.Extensions.Diagnostics.HealthChecks;
using Web.Live;

namespace Web.Gateway;

/// <summary>
/// Says which services are not well. The gateway itself is ready all the same: the others answer through it, and taking it away would
/// help nobody.
/// </summary>
internal sealed class UpstreamsCheck(ServiceStates states) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var unwell = states
            .Latest.Where(service => service.State != ServiceState.Up)
            .Select(service => $"{service.Name}: {service.Detail}")
            .ToList();
        return Task.FromResult(
            unwell.Count == 0 ? HealthCheckResult.Healthy("Every service is ready.") : HealthCheckResult.Degraded(string.Join(" ", unwell))
        );
    }
}
