using System.Text.Json.Serialization;

namespace Anomalies.Records;

/// <summary>An anomaly as clients see it.</summary>
internal sealed record AnomalyRecord(
    [property: JsonPropertyName("event_id")] string EventId,
    [property: JsonPropertyName("trace_id")] string TraceId,
    [property: JsonPropertyName("event_type")] string EventType,
    [property: JsonPropertyName("anomaly_type")] string AnomalyType,
    [property: JsonPropertyName("description")] string Description
);

/// <summary>An anomaly as clients of Runify see it.</summary>
/// <param name="EventId">The event's <c>user_id</c>.</param>
/// <param name="TraceId">The event's identity.</param>
/// <param name="EventType">The name of its type.</param>
/// <param name="AnomalyType">Its kind.</param>
/// <param name="Description">What was seen, and the limit.</param>
/// <param name="Timestamp">When it was found, UTC, whole seconds.</param>
internal sealed record TimedAnomalyRecord(
    [property: JsonPropertyName("event_id")] string EventId,
    [property: JsonPropertyName("trace_id")] string TraceId,
    [property: JsonPropertyName("event_type")] string EventType,
    [property: JsonPropertyName("anomaly_type")] string AnomalyType,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("timestamp")] string Timestamp
);

/// <summary>The reply to an update.</summary>
internal sealed record UpdateReply([property: JsonPropertyName("anomalies_count")] long Count);

/// <summary>What was found about one event, and how far the detectors have looked.</summary>
/// <param name="TraceId">The event's identity.</param>
/// <param name="Anomalies">What was found, oldest first.</param>
/// <param name="ReadUpTo">For each partition of the log the last seq that was looked at: an event above it is still to come.</param>
internal sealed record EventAnomalies(
    [property: JsonPropertyName("trace_id")] string TraceId,
    [property: JsonPropertyName("anomalies")] IReadOnlyList<FoundAnomaly> Anomalies,
    [property: JsonPropertyName("read_up_to")] IReadOnlyList<ReadPartition> ReadUpTo
);

/// <summary>An anomaly of a known event.</summary>
internal sealed record FoundAnomaly(
    [property: JsonPropertyName("event_type")] string EventType,
    [property: JsonPropertyName("anomaly_type")] string AnomalyType,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("detected_at")] DateTime DetectedAt
);

/// <summary>How far the detectors have looked in one partition.</summary>
internal sealed record ReadPartition(
    [property: JsonPropertyName("partition")] int Partition,
    [property: JsonPropertyName("seq")] ulong Seq
);
