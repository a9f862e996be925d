using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

// The settings that go straight onto the producer's configuration.
internal sealed partial class KafkaProducerConfigurator<TKey, TValue>
{
    public int? BatchNumMessages
    {
        set => _config.BatchNumMessages = value;
    }

    public CompressionType? CompressionType
    {
        set => _config.CompressionType = value;
    }

    public int? QueueBufferingBackpressureThreshold
    {
        set => _config.QueueBufferingBackpressureThreshold = value;
    }

    public TimeSpan? RetryBackoff
    {
        set => _config.RetryBackoffMs = value.ToMilliseconds();
    }

    public int? MessageSendMaxRetries
    {
        set => _config.MessageSendMaxRetries = value;
    }

    public TimeSpan? Linger
    {
        set => _config.LingerMs = value?.TotalMilliseconds;
    }

    public int? QueueBufferingMaxKbytes
    {
        set => _config.QueueBufferingMaxKbytes = value;
    }

    public int? QueueBufferingMaxMessages
    {
        set => _config.QueueBufferingMaxMessages = value;
    }

    public bool? EnableGaplessGuarantee
    {
        set => _config.EnableGaplessGuarantee = value;
    }

    public bool? EnableIdempotence
    {
        set => _config.EnableIdempotence = value;
    }

    public TimeSpan? TransactionTimeout
    {
        set => _config.TransactionTimeoutMs = value.ToMilliseconds();
    }

    public string? TransactionalId
    {
        set => _config.TransactionalId = value;
    }

    public int? CompressionLevel
    {
        set => _config.CompressionLevel = value;
    }

    public Partitioner? Partitioner
    {
        set => _config.Partitioner = value;
    }

    public TimeSpan? MessageTimeout
    {
        set => _config.MessageTimeoutMs = value.ToMilliseconds();
    }

    public TimeSpan? RequestTimeout
    {
        set => _config.RequestTimeoutMs = value.ToMilliseconds();
    }

    public string? DeliveryReportFields
    {
        set => _config.DeliveryReportFields = value;
    }

    public bool? EnableDeliveryReports
    {
        set => _config.EnableDeliveryReports = value;
    }

    public bool? EnableBackgroundPoll
    {
        set => _config.EnableBackgroundPoll = value;
    }
}
