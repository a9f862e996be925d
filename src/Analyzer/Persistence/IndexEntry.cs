namespace Analyzer.Persistence;

/// <summary>A row of <c>event_index</c>: one event as the topic delivered it, at the position it was given once.</summary>
internal sealed class IndexEntry
{
    /// <summary>The type's number in the catalog.</summary>
    public ushort TypeId { get; init; }

    /// <summary>The event's number among those of its type, from 0, in the order in which the index took them.</summary>
    public long Position { get; init; }

    /// <summary>The event's identity as text, whatever its kind.</summary>
    public required string TraceId { get; init; }

    /// <summary>What a client knows the event by, as text: <c>listing_id</c>, <c>bidding_id</c> or <c>user_id</c>.</summary>
    public required string EventId { get; init; }

    /// <summary>The partition of the event's coordinate in the log; for a foreign record the partition it came in.</summary>
    public ushort PartitionNo { get; init; }

    /// <summary>The event's number in its partition of the log; null for a foreign record.</summary>
    public ulong? Seq { get; init; }

    /// <summary>Where its record stands on the topic.</summary>
    public long TopicOffset { get; init; }

    /// <summary>What digests are compared by: 4096 numbers of the log, or a hash of the trace id for a foreign record.</summary>
    public ulong Bucket { get; init; }

    /// <summary>Digest of the event's typed fields.</summary>
    public ulong Digest { get; init; }

    /// <summary>The envelope's time, whole seconds, UTC.</summary>
    public DateTime AcceptedAt { get; init; }

    /// <summary>The record's time on the topic, UTC: when it was relayed.</summary>
    public DateTime TopicAt { get; init; }

    /// <summary>When the index took it, on the database's clock, UTC.</summary>
    public DateTime IndexedAt { get; init; }

    /// <summary>The payload as it stands on the topic, UTF-8 JSON.</summary>
    public required byte[] Payload { get; init; }
}
