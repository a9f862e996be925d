namespace Contract.Tests;

/// <summary>Sections 11 and 14: the gateway, and what differs from the original on purpose.</summary>
public static partial class Runify
{
    private static IEnumerable<Row> Gateway =>
        [
            Get("11", "the dashboard", "/", 200, Shape.Text("text/html", "<h1>Runify Statistics</h1>")).Gateway().Alone(),
            Get("11", "the dashboard's title", "/", 200, Shape.Text("text/html", "<title>Runify Dashboard</title>")).Gateway().Alone(),
            Get("11", "the dashboard of both", "/", 200, Shape.Text("text/html", "<html")).Gateway().Beside(),
            Get("11", "a prefix that only looks alike", "/checks/check", 404, Shape.Problem()).Gateway(),
            Get("11", "a path without its prefix", "/running?index=0", 404, Shape.Problem()).Gateway(),
            .. BasePaths.Select(service =>
                Get("11", $"progress of {service} is kept in", $"/{service}/progress", 404, Shape.Problem()).Gateway()
            ),
            Get("11", "the log is kept in", "/receiver/log", 404, Shape.Problem()).Gateway(),
            Get("11", "a side is kept in", "/analyzer/side/buckets", 404, Shape.Problem()).Gateway(),
            Ask("11", "nobody deletes in storage", "DELETE", "/storage/stats/running", 403, Shape.Problem()).Gateway(),
            Get("11", "a service that is away", "/storage/stats", 503, Shape.Problem("storage"))
                .Fresh()
                .Gateway()
                .With("Retry-After", "[0-9]+"),
            Get("11", "the other name: anomalies", "/anomaly_detector/anomalies?event_type=bids", 204, Shape.Nothing).Gateway().Beside(),
            Get("11", "the other name: the check", "/consistency_check/v1/state", 200, Shape.Text("application/json", "status"))
                .Gateway()
                .Beside(),
        ];

    private static IEnumerable<Row> Differences =>
        [
            Get("14", "storage has counts", "/storage/stats", 200, Counts),
            Get("14", "the receiver has a check", "/receiver/check", 200, Shape.Nothing),
            Get("14", "the analyzer gives an object and no array", "/analyzer/running?index=0", 200, FirstRun),
            Get("14", "rows have a time with a Z", $"/storage/stats/music?{Always}", 200, Each(SongRow)),
            Get("14", "404 before the first statistics", "/processing/stats", 404, Shape.Message("Statistics do not exist")).Fresh(),
            Post("14", "any user id", "/receiver/stats/running", Change(Run, "d290f1ee-6c54-4b01-90e6-d701748f0851", "7"), 201, Accepted),
        ];
}
