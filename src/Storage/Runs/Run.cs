using Storage.Persistence;

namespace Storage.Runs;

/// <summary>A row of <c>running_data</c>.</summary>
internal sealed class Run : StoredEvent
{
    public required string UserId { get; init; }

    public double Duration { get; init; }

    public double Distance { get; init; }

    public required string Timestamp { get; init; }

    public required string TraceId { get; init; }
}
