using KafkaMySql;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Receiver.Health;

/// <summary>Whether events can be made durable, and whether what is durable stays so.</summary>
internal sealed class EventLogCheck(EventLogState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Judge(state.Read()));

    internal static HealthCheckResult Judge(EventLogSnapshot log)
    {
        if (log.DatabaseTrouble is { } trouble)
            return HealthCheckResult.Unhealthy($"No event can be made durable: {trouble}");
        if (log.Node is null)
            return HealthCheckResult.Unhealthy(
                "No event can be made durable: there is no lease on a node number yet, so no trace ids are given."
            );
        if (log.BacklogExcess is { } excess)
            return HealthCheckResult.Unhealthy($"Events are refused: {excess}");
        if (log.DurabilityWarning is { } warning)
            return HealthCheckResult.Degraded(warning);
        if (log.ReaderAhead)
            return HealthCheckResult.Degraded("A reader has events that the log does not: the log's database was restored or emptied.");
        return HealthCheckResult.Healthy($"Events are made durable; {log.BacklogRows} are still to be sent to Kafka.");
    }
}
