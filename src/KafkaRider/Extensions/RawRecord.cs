namespace MassTransit.Kafka.Extensions;

/// <summary>A consumed record with its bytes untouched: what an endpoint delivers that decodes for itself.</summary>
public sealed class RawRecord
{
    /// <summary>The topic the record was read from.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition the record was read from.</summary>
    public required int Partition { get; init; }

    /// <summary>The record's offset in its partition.</summary>
    public required long Offset { get; init; }

    /// <summary>The record's timestamp, UTC.</summary>
    public required DateTime Timestamp { get; init; }

    /// <summary>The key's bytes; null when the record has none.</summary>
    public byte[]? Key { get; init; }

    /// <summary>The value's bytes; null for a tombstone.</summary>
    public byte[]? Value { get; init; }

    /// <summary>The record's headers; null when the record has none.</summary>
    public Confluent.Kafka.Headers? Headers { get; init; }
}
