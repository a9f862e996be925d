namespace MassTransit.Kafka.Extensions;

/// <summary>One record, serialized and with the send pipe behind it, on its way to a topic or an outbox.</summary>
public sealed class OutgoingRecord
{
    /// <summary>The topic the producer was registered for.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition that was asked for; null when it follows from the key.</summary>
    public int? Partition { get; init; }

    /// <summary>The serialized key; null for a record without one.</summary>
    public byte[]? Key { get; init; }

    /// <summary>The serialized value; null for a tombstone.</summary>
    public byte[]? Value { get; init; }

    /// <summary>The headers as they will stand on the wire.</summary>
    public required Confluent.Kafka.Headers Headers { get; init; }

    /// <summary>The message the value was made from; null for a tombstone.</summary>
    public object? Message { get; init; }

    /// <summary>The send context, whose payloads carry what a caller handed along.</summary>
    public required SendContext SendContext { get; init; }
}
