namespace Consistency.Persistence;

/// <summary>One run of the check.</summary>
internal sealed class CheckRun
{
    public long Id { get; init; }

    /// <summary><c>full</c> or <c>recurring</c>.</summary>
    public required string Kind { get; init; }

    public DateTime StartedAt { get; init; }

    public int Milliseconds { get; init; }

    /// <summary>One of <see cref="RunStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is unknown.</summary>
    public string? Error { get; init; }

    /// <summary>The contract's document; null when the run failed.</summary>
    public string? Document { get; init; }

    /// <summary>Everything else that the run found, as JSON; null when it failed.</summary>
    public string? Detail { get; init; }
}

/// <summary>What a run came to, as it is named in the database and on the wire.</summary>
internal static class RunStatus
{
    /// <summary>Nothing is open.</summary>
    public const string Consistent = "consistent";

    /// <summary>Something is open, or was not looked into for want of time.</summary>
    public const string Differences = "differences";

    /// <summary>There are too many differences to be entered.</summary>
    public const string Stopped = "stopped";

    /// <summary>A side could not be read.</summary>
    public const string Unknown = "unknown";
}
