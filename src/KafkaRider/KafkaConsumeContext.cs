namespace MassTransit;

/// <summary>Where a consumed record stands; a payload of every consume context of a topic endpoint.</summary>
public interface KafkaConsumeContext
{
    /// <summary>The consumer group.</summary>
    string GroupId { get; }

    /// <summary>The topic the record was read from.</summary>
    string Topic { get; }

    /// <summary>The partition.</summary>
    int Partition { get; }

    /// <summary>The offset; a batch's first.</summary>
    long Offset { get; }

    /// <summary>True when the record was the partition's last as far as the client knows.</summary>
    bool IsPartitionEof { get; }

    /// <summary>The record's timestamp.</summary>
    DateTime CheckpointUtcDateTime { get; }
}
