namespace MassTransit.Kafka.Extensions;

/// <summary>
/// What one poll returned for one partition, in offset order, delivered through the consume pipe as a single message.
/// The offsets of its records are done when the batch is done.
/// </summary>
/// <typeparam name="T">The type of a value; <see cref="RawRecord"/> for records whose bytes are left alone.</typeparam>
public sealed class PartitionBatch<T>
    where T : class
{
    /// <summary>The topic all records were read from.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition all records were read from.</summary>
    public required int Partition { get; init; }

    /// <summary>The records' values in offset order; never empty.</summary>
    public required IReadOnlyList<T> Messages { get; init; }

    /// <summary>The records' offsets, one for each of <see cref="Messages"/>. Offsets rise but may have gaps.</summary>
    public required IReadOnlyList<long> Offsets { get; init; }

    /// <summary>The offset after the partition's last record, as the client last heard of it; -1 when it has not heard.</summary>
    public long HighWatermark { get; init; } = -1;
}
