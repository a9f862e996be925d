using System.Text.Json.Serialization;
using Storage.Persistence;
using Storage.Reading;

namespace Storage.Songs;

/// <summary>A stored song as clients see it. Whole numbers are written without a fraction.</summary>
internal sealed record SongRow
{
    /// <summary>The row's number.</summary>
    [JsonPropertyName("id")]
    public required long Id { get; init; }

    [JsonPropertyName("user_id")]
    public required string UserId { get; init; }

    [JsonPropertyName("song_name")]
    public required string SongName { get; init; }

    [JsonPropertyName("artist")]
    public required string Artist { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("song_duration")]
    public required double SongDuration { get; init; }

    /// <summary>When it was, as the client wrote it.</summary>
    [JsonPropertyName("timestamp")]
    public required string Timestamp { get; init; }

    [JsonPropertyName("trace_id")]
    public required string TraceId { get; init; }

    /// <summary>When it was stored.</summary>
    [JsonPropertyName("date_created"), JsonConverter(typeof(SecondsConverter))]
    public required DateTime DateCreated { get; init; }

    public static EventQuery<SongRow> Query { get; } =
        new(
            EventTableNames.Songs,
            "id, user_id, song_name, artist, song_duration, `timestamp`, trace_id, date_created",
            row => new SongRow
            {
                Id = row.GetInt64(0),
                UserId = row.GetString(1),
                SongName = row.GetString(2),
                Artist = row.GetString(3),
                SongDuration = row.GetDouble(4),
                Timestamp = row.GetString(5),
                TraceId = row.GetString(6),
                DateCreated = row.GetDateTime(7),
            },
            RowJson.Default.SongRow
        );
}
