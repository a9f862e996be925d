using KafkaMySql;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Receiver.Health;

/// <summary>Whether Kafka takes what the log has. Without it events are accepted all the same, up to the backlog's cap.</summary>
internal sealed class KafkaCheck(EventLogState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var log = state.Read();
        return Task.FromResult(
            log.KafkaTrouble is { } trouble
                ? HealthCheckResult.Degraded(
                    $"The relay waits for Kafka: {trouble} {log.BacklogRows} events wait, the oldest for {log.BacklogAge:d\\.hh\\:mm\\:ss}."
                )
                : HealthCheckResult.Healthy("Nothing is known to keep the relay from Kafka.")
        );
    }
}
