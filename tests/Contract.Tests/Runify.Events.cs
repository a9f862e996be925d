namespace Contract.Tests;

/// <summary>Sections 2 and 4: posting events, and reading them from the tables.</summary>
public static partial class Runify
{
    private const string Always = "start_timestamp=2020-01-01T00:00:00Z&end_timestamp=2100-01-01T00:00:00Z";

    private static IEnumerable<Row> Receiver =>
        [
            Post("2", "a run", "/receiver/stats/running", Run, 201, Accepted).With("X-Trace-Id", "[0-9a-f-]{36}"),
            Post("2", "a song", "/receiver/stats/music", Song, 201, Accepted).With("X-Trace-Id", "[0-9a-f-]{36}"),
            Get("2", "liveness", "/receiver/check", 200, Shape.Nothing),
            .. Required("running", Run, "user_id", "duration", "distance", "timestamp"),
            .. Required("music", Song, "user_id", "song_name", "artist", "song_duration", "timestamp"),
            Run201("a user id that is no uuid", "d290f1ee-6c54-4b01-90e6-d701748f0851", "anybody"),
            Run201("a whole number with a fraction of zero", "3600", "3600.0"),
            Run201("any timestamp", "2024-09-10T09:12:33.001Z", "yesterday"),
            Run201("an unknown property", "{", """{"note":{"a":[1.0]},"""),
            Run201("a trace id of the client is not kept", "{", """{"trace_id":"mine","""),
            Song201("song_name of 250 characters", "Run Boy Run", new string('é', 250)),
            Song201("artist of 250 characters", "Woodkid", new string('é', 250)),
            Song400("song_name of 251 characters", "Run Boy Run", new string('é', 251), "song_name"),
            Song400("artist of 251 characters", "Woodkid", new string('é', 251), "artist"),
            Song400("user_id of 251 characters", "d290f1ee-6c54-4b01-90e6-d701748f0851", new string('u', 251), "user_id"),
            Song400("a number as artist", "\"Woodkid\"", "7", "artist"),
            Song400("a text as duration of a song", "180.5", "\"180.5\"", "song_duration"),
            Run400("a text as duration", "3600", "\"3600\"", "duration"),
            Run400("a text as distance", "5000.25", "\"5000.25\"", "distance"),
            Run400("null as distance", "5000.25", "null", "distance"),
            Run400("a number as timestamp", "\"2024-09-10T09:12:33.001Z\"", "1", "timestamp"),
            Run400("a number as user id", "\"d290f1ee-6c54-4b01-90e6-d701748f0851\"", "7", "user_id"),
            Post("2", "an empty body", "/receiver/stats/running", "", 400, Shape.Problem()),
            Post("2", "the body null", "/receiver/stats/music", "null", 400, Shape.Problem()),
            Post("2", "an array", "/receiver/stats/running", $"[{Run}]", 400, Shape.Problem()),
            Post("2", "malformed JSON", "/receiver/stats/music", Song[..^1], 400, Shape.Problem()),
            .. new[] { ("running", Run), ("music", Song) }.SelectMany(type =>
                new[]
                {
                    Post(
                            "2",
                            $"the probe of a monitor is answered and not recorded: {type.Item1}",
                            $"/receiver/stats/{type.Item1}",
                            Change(type.Item2, "d290f1ee-6c54-4b01-90e6-d701748f0851", "health-check"),
                            201,
                            Shape.Nothing
                        )
                        .With("X-Trace-Id", null),
                    Post(
                            "2",
                            $"not sent: {type.Item1}",
                            $"/receiver/stats/{type.Item1}",
                            type.Item2,
                            503,
                            Shape.Message("Failed to send event.")
                        )
                        .Fresh()
                        .With("Retry-After", "[0-9]+"),
                }
            ),
            Get("2", "liveness needs nobody else", "/receiver/check", 200, Shape.Nothing).Fresh(),
        ];

    private static IEnumerable<Row> Storage =>
        [
            Get("4", "runs", $"/storage/stats/running?{Always}", 200, Each(RunRow)),
            Get("4", "songs", $"/storage/stats/music?{Always}", 200, Each(SongRow)),
            Get("4", "the first run as its client wrote it", $"/storage/stats/running?{Always}&limit=1", 200, Stored(Run))
                .With("X-Next-After", ".+"),
            Get("4", "the first song as its client wrote it", $"/storage/stats/music?{Always}&limit=1", 200, Stored(Song))
                .With("X-Next-After", ".+"),
            Get("4", "counts", "/storage/stats", 200, Counts),
            .. new[] { "running", "music" }.SelectMany(type =>
                new[]
                {
                    Get("4", $"ids of {type}", $"/storage/stats/{type}/ids", 200, Each(IdRow)),
                    Get("4", $"a page of ids of {type}", $"/storage/stats/{type}/ids?limit=1", 200, Shape.Json($"[{IdRow}]"))
                        .With("X-Next-After", ".+"),
                    Missing(type, "start_timestamp=2020-01-01T00:00:00Z", "end_timestamp"),
                    Missing(type, "end_timestamp=2020-01-01T00:00:00Z", "start_timestamp"),
                    Get(
                        "4",
                        $"an empty window of {type}",
                        $"/storage/stats/{type}?{Window("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z")}",
                        200,
                        Shape.Json("[]")
                    ),
                    Post("4", $"no POST of {type}", $"/storage/stats/{type}", Run, 405, Shape.Problem()).Direct().With("Allow", "GET"),
                    Post("4", $"no POST of {type}", $"/storage/stats/{type}", Run, 403, Shape.Problem("/receiver")).Gateway(),
                }
            ),
            Get("4", "a limit of nothing", $"/storage/stats/running?{Always}&limit=0", 400, Shape.Problem("limit")),
            Get("4", "no cursor", $"/storage/stats/music?{Always}&after=rubbish", 400, Shape.Problem("after")),
            .. new[]
            {
                "2020-01-01T00:00:00Z",
                "2020-01-01T00:00:00",
                "2020-01-01T00:00:00.001Z",
                "2020-01-01T02:00:00%2B02:00",
                "2020-01-01+00:00:00",
                "2020-01-01%2000:00:00",
            }.Select(start =>
                Get(
                    "1.1",
                    $"a window's start as {start}",
                    $"/storage/stats/running?{Window(start, "2100-01-01T00:00:00Z")}",
                    200,
                    Each(RunRow)
                )
            ),
            .. new[] { "now", "2025-13-01T00:00:00Z", "2025-01-07" }.SelectMany(time =>
                new[]
                {
                    Get(
                        "1.1",
                        $"a window's start as '{time}'",
                        $"/storage/stats/running?{Window(time, "2100-01-01T00:00:00Z")}",
                        400,
                        Shape.Problem("start_timestamp")
                    ),
                    Get(
                        "1.1",
                        $"a window's end as '{time}'",
                        $"/storage/stats/music?{Window("2020-01-01T00:00:00Z", time)}",
                        400,
                        Shape.Problem("end_timestamp")
                    ),
                }
            ),
        ];

    private static string Window(string start, string end) => $"start_timestamp={start}&end_timestamp={end}";

    private static Row Missing(string type, string given, string missing) =>
        Get("4", $"{type} need {missing}", $"/storage/stats/{type}?{given}", 400, Shape.Problem($"Missing query parameter '{missing}'"));

    private static Shape Stored(string body) => Shape.Json($$"""[{"id":1,{{body[1..^1]}},"trace_id":"<uuid>","date_created":"<utc>"}]""");

    private static Row Run201(string name, string from, string to) =>
        Post("2", name, "/receiver/stats/running", Change(Run, from, to), 201, Accepted);

    private static Row Song201(string name, string from, string to) =>
        Post("2", name, "/receiver/stats/music", Change(Song, from, to), 201, Accepted);

    private static Row Run400(string name, string from, string to, string field) =>
        Post("2", name, "/receiver/stats/running", Change(Run, from, to), 400, Shape.Problem(field));

    private static Row Song400(string name, string from, string to, string field) =>
        Post("2", name, "/receiver/stats/music", Change(Song, from, to), 400, Shape.Problem(field));

    private static IEnumerable<Row> Required(string route, string body, params string[] fields) =>
        fields.Select(field =>
        {
            var document = System.Text.Json.Nodes.JsonNode.Parse(body)!.AsObject();
            document.Remove(field);
            return Post("2", $"{route} need {field}", $"/receiver/stats/{route}", document.ToJsonString(), 400, Shape.Problem(field));
        });
}
