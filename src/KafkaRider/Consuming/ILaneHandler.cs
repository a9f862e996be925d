using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Handles what a lane hands out.</summary>
internal interface ILaneHandler
{
    /// <summary>How many records are handed out at once; 1 when records are handled one by one.</summary>
    int MaxBatch { get; }

    /// <summary>True when the records are handled; false when they were given up because the lane is closing.</summary>
    Task<bool> HandleAsync(PartitionLane lane, IReadOnlyList<ConsumeResult<byte[], byte[]>> records);

    /// <summary>Everything before the partition's end was handled.</summary>
    Task ReachedEndAsync(PartitionLane lane, long endOffset);
}
