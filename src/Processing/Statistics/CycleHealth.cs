using System.Collections.Concurrent;
using Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Processing.Statistics;

/// <summary>Whether the last cycles of this process went well. A service that cannot count still answers what it counted.</summary>
internal sealed class CycleHealth : IHealthCheck
{
    private readonly ConcurrentDictionary<EventSystem, string?> _failures = new();

    /// <summary>A cycle ended; <paramref name="failure"/> is null when all went well.</summary>
    public void Ran(EventSystem system, string? failure) => _failures[system] = failure;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            _failures.Values.FirstOrDefault(failure => failure is not null) is { } failed
                ? HealthCheckResult.Degraded($"The last cycle counted nothing for {failed}")
                : HealthCheckResult.Healthy(_failures.IsEmpty ? "No cycle has run in this process yet." : "The last cycle went well.")
        );
}
