using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analyzer.Events;

/// <summary>Everything that is known about one event.</summary>
internal sealed record EventReport
{
    /// <summary>The event's identity, as text.</summary>
    [JsonPropertyName("trace_id")]
    public required string TraceId { get; init; }

    /// <summary>The name of its type; null where nobody could read it.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>What a client knows the event by, as text; null where the index does not have it.</summary>
    [JsonPropertyName("event_id")]
    public string? EventId { get; init; }

    /// <summary>The payload as it stands on the topic; null where the index does not have it.</summary>
    [JsonPropertyName("payload")]
    public JsonElement? Payload { get; init; }

    /// <summary>How far it has come.</summary>
    [JsonPropertyName("stations")]
    public required EventStations Stations { get; init; }
}

/// <summary>The stations of an event's way, in their order.</summary>
internal sealed record EventStations
{
    /// <summary>A Receiver committed it to the log and answered 201.</summary>
    [JsonPropertyName("accepted")]
    public required Station Accepted { get; init; }

    /// <summary>Kafka acknowledged it.</summary>
    [JsonPropertyName("relayed")]
    public required Station Relayed { get; init; }

    /// <summary>Where its record stands on the topic.</summary>
    [JsonPropertyName("topic")]
    public required Station Topic { get; init; }

    /// <summary>The index has it.</summary>
    [JsonPropertyName("indexed")]
    public required Station Indexed { get; init; }

    /// <summary>Storage has its row.</summary>
    [JsonPropertyName("stored")]
    public required Station Stored { get; init; }

    /// <summary>The statistics contain it.</summary>
    [JsonPropertyName("counted")]
    public required Station Counted { get; init; }

    /// <summary>What the consistency check says of it.</summary>
    [JsonPropertyName("verdict")]
    public required Station Verdict { get; init; }

    /// <summary>What the detectors found.</summary>
    [JsonPropertyName("anomalies")]
    public required Station Anomalies { get; init; }
}

/// <summary>One station. What is not known is null.</summary>
internal sealed record Station
{
    /// <summary><c>reached</c>, <c>not_reached</c>, <c>unreachable</c> (its service did not answer) or <c>unknown</c> (it follows from one that did not).</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>When, UTC.</summary>
    [JsonPropertyName("at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? At { get; init; }

    /// <summary>A sentence: why a state is not <c>reached</c>, or what is to be known about the time.</summary>
    [JsonPropertyName("detail"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>The partition: of the log, of the topic, or whose reader stored the row.</summary>
    [JsonPropertyName("partition"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Partition { get; init; }

    /// <summary>Accepted: its number in the partition of the log.</summary>
    [JsonPropertyName("seq"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong? Seq { get; init; }

    /// <summary>Topic: the topic's name.</summary>
    [JsonPropertyName("topic"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Topic { get; init; }

    /// <summary>Topic: its offset.</summary>
    [JsonPropertyName("offset"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Offset { get; init; }

    /// <summary>Indexed: the index a client asks for it by.</summary>
    [JsonPropertyName("index"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Index { get; init; }

    /// <summary>Stored: its row's number in the partition.</summary>
    [JsonPropertyName("row_no"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RowNo { get; init; }

    /// <summary>Verdict: <c>verified</c>, <c>pending</c>, <c>missing_in_db</c> and so on.</summary>
    [JsonPropertyName("verdict"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Verdict { get; init; }

    /// <summary>Verdict: since when it is so, UTC.</summary>
    [JsonPropertyName("since"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? Since { get; init; }

    /// <summary>Anomalies: what was found.</summary>
    [JsonPropertyName("found"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StationAnomaly>? Found { get; init; }

    public static Station NotReached(string detail) => new() { State = "not_reached", Detail = detail };

    public static Station Unreachable(string detail) => new() { State = "unreachable", Detail = detail };

    public static Station Unknown(string detail) => new() { State = "unknown", Detail = detail };
}

/// <summary>An anomaly of the event.</summary>
internal sealed record StationAnomaly(
    [property: JsonPropertyName("anomaly_type")] string AnomalyType,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("detected_at")] DateTime DetectedAt
);
