namespace Contract.Tests;

/// <summary>Sections 5 to 8: what is counted, indexed, found odd and said of the services.</summary>
public static partial class Runify
{
    private const string StatisticKeys =
        """ "num_running_stats":"<int>","num_music_info":"<int>","max_distance":50000,"max_run_distance":50000,"max_duration":3600,"avg_run_duration":"<number>","avg_song_duration":"<number>" """;

    private static readonly string[] Kinds = ["LongRun", "ShortRun", "LongSong", "ShortSong"];

    private static Shape Statistics { get; } = Shape.Json($$"""{{{StatisticKeys}},"last_updated":"<utc>"}""");

    private static Shape StatisticsOfBoth { get; } =
        Shape.Json(
            $$"""{{{StatisticKeys}},"num_listings":"<int>","num_bids":"<int>","max_listing_price":"<number>","max_offer_price":"<number>","last_updated":"<text>"}"""
        );

    private static Shape CountsOfBoth { get; } =
        Shape.Json("""{"Listings":"<int>","Bids":"<int>","num_running_stats":"<int>","num_music_info":"<int>"}""");

    private static Shape FirstRun { get; } = Payload(Run);

    private static Shape FirstSong { get; } = Payload(Song);

    private static Shape LongRuns { get; } =
        Shape.Json($"[{Found("LongRun", "Run distance of 50000m exceeds maximum threshold of 42000m")}]");

    // Newest first; of one event, the later rule.
    private static Shape AllAnomalies { get; } =
        Shape.Json(
            $"""
            [{Found("ShortSong", "Song duration of 29s is below minimum threshold of 30s")},
             {Found("LongSong", "Song duration of 901s exceeds maximum threshold of 900s")},
             {Found("ShortRun", "Run duration of 1s is below minimum threshold of 300s")},
             {Found("LongRun", "Run distance of 50000m exceeds maximum threshold of 42000m")}]
            """
        );

    private static Shape Checked { get; } =
        Shape.Json("""{"receiver":"Healthy","storage":"<runs and songs>","processing":"<runs and songs>","analyzer":"<runs and songs>"}""");

    private static IEnumerable<Row> Processing =>
        [
            Get("5", "statistics", "/processing/stats", 200, Statistics).Alone(),
            Get("5", "statistics of both", "/processing/stats", 200, StatisticsOfBoth).Beside(),
            Get("5", "before the first cycle", "/processing/stats", 404, Shape.Message("Statistics do not exist")).Fresh(),
        ];

    private static IEnumerable<Row> Analyzer =>
        [
            Get("6", "the first run", "/analyzer/running?index=0", 200, FirstRun),
            Get("6", "the second run", "/analyzer/running?index=1", 200, Payload(OddRun)),
            Get("6", "the first song", "/analyzer/music?index=0", 200, FirstSong),
            .. new[] { "running", "music" }.SelectMany(type =>
                new[] { "-1", "1000000", "99999999999999999999" }
                    .Select(index =>
                        Get("6", $"no event of {type} at {index}", $"/analyzer/{type}?index={index}", 404, Shape.Message("Not Found"))
                    )
                    .Concat(
                        new[] { "first", "0.5", "" }.Select(index =>
                            Get("6", $"the index '{index}' of {type}", $"/analyzer/{type}?index={index}", 400, Shape.Problem("index"))
                        )
                    )
                    .Append(Get("6", $"no index of {type}", $"/analyzer/{type}", 400, Shape.Problem("index")))
                    .Append(Get("6", $"ids of {type}", $"/analyzer/{type}/ids", 200, Each(IdRow)))
            ),
            Get("6", "counts", "/analyzer/stats", 200, Counts).Alone(),
            Get("6", "counts", "/analyzer/stats", 200, Counts).Beside().Direct(),
            Get("6", "counts of both", "/analyzer/stats", 200, CountsOfBoth).Beside().Gateway(),
            Get("6", "counts of nothing", "/analyzer/stats", 200, Shape.Json("""{"num_running_stats":0,"num_music_info":0}""")).Fresh(),
            Get("6", "whether there is one, nobody knows while Kafka is away", "/analyzer/running?index=0", 503, Shape.Message())
                .Fresh()
                .With("Retry-After", "[0-9]+"),
        ];

    private static IEnumerable<Row> Anomalies =>
        [
            Get("7", "all", "/anomaly/anomalies", 200, AllAnomalies),
            .. Kinds.Select(kind =>
                Get("7", $"of the kind {kind}", $"/anomaly/anomalies?anomaly_type={kind}", 200, Shape.Json($"[{Found(kind, "<text>")}]"))
            ),
            .. new[] { "longrun", "Too%20Low", "" }.Select(kind =>
                Get("7", $"of the kind '{kind}'", $"/anomaly/anomalies?anomaly_type={kind}", 400, Shape.Problem("anomaly_type"))
            ),
            Get("7", "the newest", "/anomaly/anomalies?limit=1", 200, Shape.Json($"[{Found("ShortSong", "<text>")}]"))
                .With("X-Next-After", ".+"),
            Get("7", "a limit of nothing", "/anomaly/anomalies?limit=0", 400, Shape.Problem("limit")),
            Get("7", "no cursor", "/anomaly/anomalies?after=rubbish", 400, Shape.Problem("after")),
            Get("7", "none ever", "/anomaly/anomalies", 404, Shape.Message("Statistics do not exist")).Fresh(),
        ];

    private static IEnumerable<Row> Check =>
        [
            Get("8", "the status", "/check/check", 200, Checked).With("Last-Modified", ".+ GMT"),
            Get(
                    "8",
                    "services that do not answer well",
                    "/check/check",
                    200,
                    Shape.Json(
                        """{"receiver":"Healthy","storage":"Unavailable","processing":"Unavailable","analyzer":"Analyzer has 0 runs and 0 songs"}"""
                    )
                )
                .Fresh(),
        ];

    private static Shape Payload(string body) => Shape.Json($$"""{{{body[1..^1]}},"trace_id":"<uuid>"}""");

    private static string Found(string kind, string description) =>
        $$"""{"event_id":"d290f1ee-6c54-4b01-90e6-d701748f0851","trace_id":"<uuid>","event_type":"{{(kind.EndsWith("Run", StringComparison.Ordinal) ? "running_stats" : "music_info")}}","anomaly_type":"{{kind}}","description":"{{description}}","timestamp":"<utc>"}""";
}
