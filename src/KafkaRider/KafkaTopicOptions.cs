namespace MassTransit;

/// <summary>How a missing topic is created.</summary>
public sealed class KafkaTopicOptions
{
    /// <summary>The number of partitions. Default: 1.</summary>
    public ushort NumPartitions { get; set; } = 1;

    /// <summary>The number of replicas. Default: 1.</summary>
    public short ReplicationFactor { get; set; } = 1;

    /// <summary>Time-out of the request. Default: 5 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The topic's own settings, such as <c>retention.ms</c>.</summary>
    public IDictionary<string, string> Configs { get; } = new Dictionary<string, string>();
}
