namespace KafkaMySql;

/// <summary>What a transaction did, after its commit.</summary>
internal sealed record BatchResult
{
    public required BatchPlan Plan { get; init; }

    /// <summary>The row as committed.</summary>
    public required ProgressRow Progress { get; init; }

    /// <summary>How many items may be taken at most because of the limit on dead letters; null when all were.</summary>
    public int? CutAt { get; init; }

    public int Stored { get; init; }

    public int Adopted { get; init; }

    public int OwnDeadLetters { get; init; }

    public int ForeignDeadLetters { get; init; }

    /// <summary>Why the first of the dead letters is one.</summary>
    public string? FirstReason { get; init; }

    public int Parked { get; init; }

    /// <summary>Whether anything was written.</summary>
    public bool Written { get; init; }
}
