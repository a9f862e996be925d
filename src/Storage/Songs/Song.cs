using Storage.Persistence;

namespace Storage.Songs;

/// <summary>A row of <c>music_data</c>.</summary>
internal sealed class Song : StoredEvent
{
    public required string UserId { get; init; }

    public required string SongName { get; init; }

    public required string Artist { get; init; }

    public double SongDuration { get; init; }

    public required string Timestamp { get; init; }

    public required string TraceId { get; init; }
}
