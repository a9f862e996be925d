namespace Contract.Tests;

/// <summary>
/// The wire contract of Runify as a table. Sections are numbered as there. Every row holds with Runify alone and beside the real-estate
/// system, at the service's port of this contract and through the gateway, unless it says otherwise.
/// </summary>
public static partial class Runify
{
    /// <summary>A run.</summary>
    public const string Run =
        """{"user_id":"d290f1ee-6c54-4b01-90e6-d701748f0851","duration":3600,"distance":5000.25,"timestamp":"2024-09-10T09:12:33.001Z"}""";

    /// <summary>A run that is too long and too short.</summary>
    public const string OddRun =
        """{"user_id":"d290f1ee-6c54-4b01-90e6-d701748f0851","duration":1,"distance":50000,"timestamp":"2024-09-10T09:12:33.001Z"}""";

    /// <summary>A song.</summary>
    public const string Song =
        """{"user_id":"d290f1ee-6c54-4b01-90e6-d701748f0851","song_name":"Run Boy Run","artist":"Woodkid","song_duration":180.5,"timestamp":"2024-09-10T09:12:33.001Z"}""";

    private const string RunRow =
        """{"id":"<int>","user_id":"<text>","duration":"<number>","distance":"<number>","timestamp":"<text>","trace_id":"<uuid>","date_created":"<utc>"}""";

    private const string SongRow =
        """{"id":"<int>","user_id":"<text>","song_name":"<text>","artist":"<text>","song_duration":"<number>","timestamp":"<text>","trace_id":"<uuid>","date_created":"<utc>"}""";

    private const string IdRow = """{"event_id":"<text>","trace_id":"<uuid>"}""";

    private static readonly string[] BasePaths = ["receiver", "storage", "processing", "analyzer", "anomaly", "check"];

    private static readonly Shape Accepted = Shape.Json("""{"trace_id":"<uuid>"}""");

    private static readonly Shape Counts = Shape.Json("""{"num_running_stats":"<int>","num_music_info":"<int>"}""");

    /// <summary>A song that is too long.</summary>
    public static string LongSong { get; } = Change(Song, "180.5", "901");

    /// <summary>A song that is too short.</summary>
    public static string ShortSong { get; } = Change(Song, "180.5", "29");

    /// <summary>Every row in every world in which it holds.</summary>
    public static IEnumerable<Row> Rows =>
        Table.SelectMany(row => row.World == World.Busy && !row.OnlyAlone ? [row, row.Beside()] : new[] { row });

    private static IEnumerable<Row> Table =>
        [
            .. Services,
            .. OwnPorts,
            .. Conventions,
            .. Receiver,
            .. Storage,
            .. Processing,
            .. Analyzer,
            .. Anomalies,
            .. Check,
            .. Gateway,
            .. Differences,
        ];
}
