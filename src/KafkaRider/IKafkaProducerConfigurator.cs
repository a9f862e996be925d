using Confluent.Kafka;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit;

/// <summary>Configures a producer. Producers with the same settings share one native client.</summary>
public interface IKafkaProducerConfigurator : ISendObserverConnector, ISendPipelineConfigurator
{
    /// <summary>Most records in a batch. Default: 10,000.</summary>
    int? BatchNumMessages { set; }

    /// <summary>Compression. Default: none.</summary>
    CompressionType? CompressionType { set; }

    /// <summary>Requests waiting for transmission before batches grow. Default: 1.</summary>
    int? QueueBufferingBackpressureThreshold { set; }

    /// <summary>Wait before a retry. Default: 100 ms.</summary>
    TimeSpan? RetryBackoff { set; }

    /// <summary>Retries of a record. Default: 2,147,483,647.</summary>
    int? MessageSendMaxRetries { set; }

    /// <summary>How long a batch waits to fill. Default: 5 ms.</summary>
    TimeSpan? Linger { set; }

    /// <summary>Kilobytes that may wait. Default: 1,048,576.</summary>
    int? QueueBufferingMaxKbytes { set; }

    /// <summary>Records that may wait; when full, Produce waits for room. Default: 100,000.</summary>
    int? QueueBufferingMaxMessages { set; }

    /// <summary>A record that failed stops the producer instead of leaving a gap. Default: false.</summary>
    bool? EnableGaplessGuarantee { set; }

    /// <summary>Each record exactly once and in order per partition. Default: true.</summary>
    bool? EnableIdempotence { set; }

    /// <summary>Longest time of a transaction. Default: 60 s.</summary>
    TimeSpan? TransactionTimeout { set; }

    /// <summary>Transactional id. Default: none.</summary>
    string? TransactionalId { set; }

    /// <summary>Compression level. Default: the codec's.</summary>
    int? CompressionLevel { set; }

    /// <summary>How keys choose partitions. Default: consistent_random.</summary>
    Partitioner? Partitioner { set; }

    /// <summary>How long a record may take until it fails. Default: 5 minutes.</summary>
    TimeSpan? MessageTimeout { set; }

    /// <summary>How long the broker may take to acknowledge. Default: 30 s.</summary>
    TimeSpan? RequestTimeout { set; }

    /// <summary>Fields of delivery reports. Default: status.</summary>
    string? DeliveryReportFields { set; }

    /// <summary>Report deliveries. When false, Produce completes as soon as the record is queued. Default: true.</summary>
    bool? EnableDeliveryReports { set; }

    /// <summary>Poll in the background. Default: true; must stay on.</summary>
    bool? EnableBackgroundPoll { set; }

    /// <summary>Called with the native client's statistics (JSON).</summary>
    void SetStatisticsHandler(Action<string> handler);

    /// <summary>Sets how headers are written.</summary>
    void SetHeadersSerializer(IHeadersSerializer serializer);
}
