namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A lane whose start is known and waits for the poll thread.</summary>
internal readonly record struct PartitionStart(PartitionLane Lane, long? Offset);
