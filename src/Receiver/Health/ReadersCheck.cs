using KafkaMySql;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Receiver.Health;

/// <summary>Whether the readers say how far they are. One that does not is sent nothing again, and nothing is cleaned up meanwhile.</summary>
internal sealed class ReadersCheck(EventLogState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var readers = state.Read().Readers;
        var silent = readers.Where(reader => reader.Trouble is not null).ToList();
        return Task.FromResult(
            silent.Count > 0
                ? HealthCheckResult.Degraded(
                    string.Join(" ", silent.Select(reader => $"{reader.Name} does not say how far it is: {reader.Trouble}"))
                )
                : HealthCheckResult.Healthy(
                    readers.Count == 0
                        ? "No readers are configured."
                        : $"{string.Join(", ", readers.Select(reader => reader.Name))}: no trouble known."
                )
        );
    }
}
