namespace Consistency.Persistence;

/// <summary>An event that is or was not as it should be.</summary>
internal sealed class Difference
{
    public long Id { get; init; }

    /// <summary>The event's identity.</summary>
    public required string TraceId { get; init; }

    /// <summary>What is wrong, as it is named on the wire.</summary>
    public required string Class { get; init; }

    /// <summary>The type's name; null when it is not known.</summary>
    public string? Type { get; set; }

    /// <summary>The number or name a client knows the event by; null when it is not known.</summary>
    public string? EventId { get; set; }

    public ushort PartitionNo { get; set; }

    public ulong Bucket { get; set; }

    public ulong? Seq { get; set; }

    public DateTime FirstSeen { get; set; }

    public DateTime LastSeen { get; set; }

    /// <summary>When it was closed; null while it is open.</summary>
    public DateTime? ClosedAt { get; set; }

    /// <summary>Who closed it: the check, because it is gone, or an operator, because it is known.</summary>
    public string? ClosedBy { get; set; }

    /// <summary>Why an operator closed it.</summary>
    public string? Reason { get; set; }
}
