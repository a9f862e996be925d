using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Producing;

internal static class ProducerDefaults
{
    /// <summary>Sets what the user left open: every record once and in order, acknowledged by all replicas in sync.</summary>
    public static ProducerConfig Complete(ProducerConfig config)
    {
        // A user who asks for fewer acknowledgements has decided against idempotence.
        config.EnableIdempotence ??= config.Acks is null or Acks.All && (config.MaxInFlight ?? 5) <= 5;
        config.DeliveryReportFields ??= "status";
        // Their health is read from them.
        config.StatisticsIntervalMs ??= 2_000;
        return config;
    }
}
