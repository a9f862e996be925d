namespace KafkaMySql;

/// <summary>One event on its way into the log, fully serialized.</summary>
public sealed record LogEvent
{
    /// <summary>The event's identity, unique for ever; at most 36 ASCII characters.</summary>
    public required string TraceId { get; init; }

    /// <summary>The number of the event's type in the catalog.</summary>
    public required ushort TypeId { get; init; }

    /// <summary>The record key; decides the partition (murmur2, as Kafka's default partitioner). At most 256 bytes.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The record value, byte for byte as it will stand on the topic.</summary>
    public required ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Digest of the event's typed fields; stored beside the event and compared by readers.</summary>
    public required ulong Digest { get; init; }

    /// <summary>Headers beyond <c>log</c>, <c>seq</c>, <c>after</c> and <c>trace_id</c>, such as <c>traceparent</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>>? Headers { get; init; }

    /// <summary>The client's idempotency key, when it sent one.</summary>
    public IdempotencyKey? Idempotency { get; init; }
}

/// <summary>What makes a repeated request recognisable. Both values are SHA-256 digests, 32 bytes.</summary>
/// <param name="Id">Digest of the key (and of whatever scopes it, such as the route).</param>
/// <param name="BodyHash">Digest of the request body.</param>
public sealed record IdempotencyKey(byte[] Id, byte[] BodyHash);

/// <summary>Where an event stands in the log.</summary>
/// <param name="Partition">The Kafka partition.</param>
/// <param name="Seq">The event's sequence number in the partition; never given twice, rising, with jumps.</param>
/// <param name="TraceId">The event's identity; the first one's when <paramref name="Repeated"/>.</param>
/// <param name="Repeated">The idempotency key was seen before: nothing was appended.</param>
public sealed record LogReceipt(int Partition, ulong Seq, string TraceId, bool Repeated);

/// <summary>One event's outcome in <see cref="IEventLog.AppendManyAsync"/>: a receipt or a reason.</summary>
public readonly record struct LogOutcome(LogReceipt? Receipt, EventLogException? Error);
