using System.Text.Json.Serialization;
using Storage.Persistence;
using Storage.Reading;

namespace Storage.Runs;

/// <summary>A stored run as clients see it. Whole numbers are written without a fraction.</summary>
internal sealed record RunRow
{
    /// <summary>The row's number.</summary>
    [JsonPropertyName("id")]
    public required long Id { get; init; }

    [JsonPropertyName("user_id")]
    public required string UserId { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("duration")]
    public required double Duration { get; init; }

    /// <summary>Metres.</summary>
    [JsonPropertyName("distance")]
    public required double Distance { get; init; }

    /// <summary>When it was, as the client wrote it.</summary>
    [JsonPropertyName("timestamp")]
    public required string Timestamp { get; init; }

    [JsonPropertyName("trace_id")]
    public required string TraceId { get; init; }

    /// <summary>When it was stored.</summary>
    [JsonPropertyName("date_created"), JsonConverter(typeof(SecondsConverter))]
    public required DateTime DateCreated { get; init; }

    public static EventQuery<RunRow> Query { get; } =
        new(
            EventTableNames.Runs,
            "id, user_id, duration, distance, `timestamp`, trace_id, date_created",
            row => new RunRow
            {
                Id = row.GetInt64(0),
                UserId = row.GetString(1),
                Duration = row.GetDouble(2),
                Distance = row.GetDouble(3),
                Timestamp = row.GetString(4),
                TraceId = row.GetString(5),
                DateCreated = row.GetDateTime(6),
            },
            RowJson.Default.RunRow
        );
}
