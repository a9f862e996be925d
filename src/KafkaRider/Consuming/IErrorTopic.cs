using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Where records go that could not be handled.</summary>
internal interface IErrorTopic
{
    /// <summary>True when the error topic acknowledged the record; false when the partition was taken away before.</summary>
    Task<bool> MoveAsync(PartitionLane lane, ConsumeResult<byte[], byte[]> record, KafkaReceiveContext context, Exception failure);
}
