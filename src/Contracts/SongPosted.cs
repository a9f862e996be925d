using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Contracts;

/// <summary>The Receiver accepted a song that a user heard. Keyed by <see cref="UserId"/>, so that a user's events stay in order.</summary>
public sealed record SongPosted : EventMessage
{
    /// <summary>The listener, usually a UUID.</summary>
    [JsonPropertyName("user_id"), MaxLength(250)]
    public required string UserId { get; init; }

    /// <summary>The song's title.</summary>
    [JsonPropertyName("song_name"), MaxLength(250)]
    public required string SongName { get; init; }

    /// <summary>Who plays it.</summary>
    [JsonPropertyName("artist"), MaxLength(250)]
    public required string Artist { get; init; }

    /// <summary>How long it is, seconds.</summary>
    [JsonPropertyName("song_duration")]
    public required double SongDuration { get; init; }

    /// <summary>When it was heard, as the client wrote it.</summary>
    [JsonPropertyName("timestamp"), MaxLength(100)]
    public required string Timestamp { get; init; }

    /// <summary>The event's identity, a UUID given by the Receiver.</summary>
    [JsonPropertyName("trace_id"), MaxLength(100)]
    public required string TraceId { get; init; }

    /// <inheritdoc/>
    public override string Identity => TraceId;
}
