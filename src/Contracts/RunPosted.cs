using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Contracts;

/// <summary>The Receiver accepted a run that a user finished. Keyed by <see cref="UserId"/>, so that a user's events stay in order.</summary>
public sealed record RunPosted : EventMessage
{
    /// <summary>The runner, usually a UUID.</summary>
    [JsonPropertyName("user_id"), MaxLength(250)]
    public required string UserId { get; init; }

    /// <summary>How long the run took, seconds.</summary>
    [JsonPropertyName("duration")]
    public required double Duration { get; init; }

    /// <summary>How far it went, metres.</summary>
    [JsonPropertyName("distance")]
    public required double Distance { get; init; }

    /// <summary>When it was, as the client wrote it.</summary>
    [JsonPropertyName("timestamp"), MaxLength(100)]
    public required string Timestamp { get; init; }

    /// <summary>The event's identity, a UUID given by the Receiver.</summary>
    [JsonPropertyName("trace_id"), MaxLength(100)]
    public required string TraceId { get; init; }

    /// <inheritdoc/>
    public override string Identity => TraceId;
}
