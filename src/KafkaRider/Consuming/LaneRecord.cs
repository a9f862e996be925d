using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A record, or the end of its partition, in a lane.</summary>
internal readonly struct LaneRecord(ConsumeResult<byte[], byte[]> result, long sequence)
{
    public ConsumeResult<byte[], byte[]> Result { get; } = result;

    public long Sequence { get; } = sequence;

    public bool IsEnd => Result.IsPartitionEOF;
}
