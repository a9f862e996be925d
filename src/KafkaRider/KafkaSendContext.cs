using Confluent.Kafka;

namespace MassTransit;

/// <summary>What a send context has beyond MassTransit's when the message goes to a topic.</summary>
public interface KafkaSendContext : SendContext
{
    /// <summary>The partition to write to. Default: <see cref="Partition.Any"/>, the partition follows from the key.</summary>
    Partition Partition { get; set; }
}
