namespace Consistency.Persistence;

/// <summary>One run of the check.</summary>
internal sealed class CheckRun
{
    public long Id { get; init; }

    /// <summary><c>full</c> or <c>recurring</c>.</summary>
    public required string Kind { get; init; }

    public DateTime StartedAt { get; init; }

    public int Milliseconds { get; init; }

    /// <summary><c>consistent</c>, <c>differences</c>, <c>stopped</c> or <c>unknown</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is unknown.</summary>
    public string? Error { get; init; }

    /// <summary>The contract's document; null when the run failed.</summary>
    public string? Document { get; init; }

    /// <summary>Everything else that the run found, as JSON; null when it failed.</summary>
    public string? Detail { get; init; }
}
