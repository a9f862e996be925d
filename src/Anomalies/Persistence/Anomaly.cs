namespace Anomalies.Persistence;

/// <summary>A row of <c>anomaly</c>: what one detector found about one event, once.</summary>
internal sealed class Anomaly
{
    /// <summary>Its number, from 1, in the order in which anomalies were found.</summary>
    public long No { get; init; }

    /// <summary>Hash of detector and trace id, so that an event that is read again adds nothing.</summary>
    public required byte[] Id { get; init; }

    /// <summary>Which detector found it.</summary>
    public required string Detector { get; init; }

    /// <summary>What clients see as its kind, such as <c>Too Low</c>.</summary>
    public required string AnomalyType { get; init; }

    /// <summary>The number of the event's type in the catalog.</summary>
    public ushort TypeId { get; init; }

    /// <summary>The event's identity as text.</summary>
    public required string TraceId { get; init; }

    /// <summary>What a client knows the event by, as text.</summary>
    public required string EventId { get; init; }

    /// <summary>The partition of the event's coordinate in the log; for a foreign record the partition it came in.</summary>
    public ushort PartitionNo { get; init; }

    /// <summary>The event's number in its partition of the log; null for a foreign record.</summary>
    public ulong? Seq { get; init; }

    /// <summary>A sentence that names value and limit.</summary>
    public required string Description { get; init; }

    /// <summary>When it was found, on the database's clock, UTC.</summary>
    public DateTime DetectedAt { get; init; }
}
