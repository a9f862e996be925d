namespace Contract.Tests;

/// <summary>Section 1: services, ports and both path forms; and the conventions that both contracts share.</summary>
public static partial class Runify
{
    private static IEnumerable<Row> Services =>
        [
            .. Documents(BasePaths),
            Post("1", "the short form of a route: a run", "/stats/running", Run, 201, Accepted).ShortFormOf("receiver"),
            Post("1", "the short form of a route: a song", "/stats/music/", Song, 201, Accepted).ShortFormOf("receiver"),
            Get("1", "the short form of a route: liveness", "/check", 200, Shape.Nothing).ShortFormOf("receiver"),
            Get("1", "the short form of a route: runs", $"/stats/running?{Always}", 200, Each(RunRow)).ShortFormOf("storage"),
            Get("1", "the short form of a route: songs", $"/stats/music?{Always}", 200, Each(SongRow)).ShortFormOf("storage"),
            Get("1", "the short form of a route: counts", "/stats", 200, Counts).ShortFormOf("storage"),
            Get("1", "the short form of a route: statistics", "/stats", 200, Statistics).ShortFormOf("processing").Alone(),
            Get("1", "the short form of a route: statistics of both", "/stats", 200, StatisticsOfBoth).ShortFormOf("processing").Beside(),
            Get("1", "the short form of a route: index counts", "/stats", 200, Counts).ShortFormOf("analyzer"),
            Get("1", "the short form of a route: the n-th run", "/running?index=0", 200, FirstRun).ShortFormOf("analyzer"),
            Get("1", "the short form of a route: the n-th song", "/music?index=0", 200, FirstSong).ShortFormOf("analyzer"),
            Get("1", "the short form of a route: anomalies", "/anomalies", 200, AllAnomalies).ShortFormOf("anomaly"),
            Get("1", "the short form of a route: one kind", "/anomalies?anomaly_type=LongRun", 200, LongRuns).ShortFormOf("anomaly"),
            Get("1", "the short form of a route: the check", "/check", 200, Checked).ShortFormOf("check"),
            Post("1", "a slash at the end: posting", "/receiver/stats/running/", Run, 201, Accepted),
            Get("1", "a slash at the end: rows", $"/storage/stats/running/?{Always}", 200, Each(RunRow)),
            Get("1", "a slash at the end: the n-th", "/analyzer/running/?index=0", 200, FirstRun),
            Get("1", "a slash at the end: anomalies", "/anomaly/anomalies/", 200, AllAnomalies),
            Get("1", "a slash at the end: the check", "/check/check/", 200, Checked),
            Post("1", "the other system is not there: posting", "/receiver/site/listings", RealEstate.Listing, 404, Shape.Problem())
                .Alone(),
            Get("1", "the other system is not there: rows", "/storage/site/listings", 404, Shape.Problem()).Alone(),
            Get("1", "the other system is not there: counts", "/storage/site/events/count", 404, Shape.Problem()).Alone(),
            Get("1", "the other system is not there: the n-th", "/analyzer/site/listings?index=0", 404, Shape.Problem()).Alone(),
            Get("1", "the other system is not there: anomalies", "/anomaly_detector/anomalies", 404, Shape.Problem()).Alone(),
            Ask("1", "the other system is not there: looking", "PUT", "/anomaly/update", 404, Shape.Problem()),
        ];

    // What else there is at the ports that stand for Runify beside the real-estate system's.
    private static IEnumerable<Row> OwnPorts =>
        new[] { "analyzer", "anomaly", "check" }
            .SelectMany(service =>
                new[]
                {
                    Get("1", $"the short API document of {service}", "/openapi.json", 200, DocumentOf(service)),
                    Get("1", $"the short API page of {service}", "/ui/", 200, Shape.Text("text/html", "<html")),
                    Get("1", $"health of {service}", "/health", 200, Shape.Json("""{"status":"Healthy","dependencies":"<any>"}""")),
                    Get("1", $"{service} lives", "/health/live", 200, Shape.Json("""{"status":"Healthy","dependencies":{}}""")),
                    Get("1", $"metrics of {service}", "/metrics", 200, Shape.Text("text/plain", "# TYPE")),
                    Get("1", $"no listings at {service}", "/site/listings?index=0", 404, Shape.Problem()),
                }.Select(row => row.ShortFormOf(service))
            )
            .Concat([
                Get("1", "progress of the analyzer", "/progress", 200, Progress("analyzer")).ShortFormOf("analyzer"),
                Get("1", "progress of the anomaly detector", "/anomaly/progress", 200, Progress("anomalies")).Direct(),
                Get("1", "no other name at this port", "/anomaly_detector/anomalies", 404, Shape.Problem()).ShortFormOf("anomaly"),
                Get("1", "no other name at this port", "/consistency_check/checks", 404, Shape.Problem()).ShortFormOf("check").Beside(),
                Ask("1", "no looking at this port", "PUT", "/update", 404, Shape.Problem()).ShortFormOf("anomaly"),
                Ask("1", "another method at this port", "DELETE", "/anomalies", 405, Shape.Problem())
                    .ShortFormOf("anomaly")
                    .With("Allow", "GET"),
                Get("1", "the tail of the other system at this port", "/tail?type=listings", 400, Shape.Problem("running_stats"))
                    .ShortFormOf("analyzer"),
            ]);

    private static IEnumerable<Row> Conventions =>
        [
            Post("2", "JSON with a charset", "/receiver/stats/music", Song, 201, Accepted).As("application/json; charset=utf-8"),
            Post("2", "no content type is JSON", "/receiver/stats/running", Run, 201, Accepted).As(null),
            Post("2", "another content type", "/receiver/stats/running", Run, 415, Shape.Problem("text/plain")).As("text/plain"),
            Post("2", "a form", "/receiver/stats/music", Song, 415, Shape.Problem()).As("application/x-www-form-urlencoded"),
            .. BasePaths.Select(service =>
                Get("2", $"{service}: nothing at a path", $"/{service}/nothing/here", 404, Shape.Problem($"/{service}/nothing/here"))
            ),
            Ask("2", "another method: runs", "GET", "/receiver/stats/running", 405, Shape.Problem()).With("Allow", "POST"),
            Ask("2", "another method: statistics", "POST", "/processing/stats", 405, Shape.Problem()).With("Allow", "GET"),
            Ask("2", "another method: the n-th", "POST", "/analyzer/running", 405, Shape.Problem()).With("Allow", "GET"),
            Ask("2", "another method: anomalies", "DELETE", "/anomaly/anomalies", 405, Shape.Problem()).With("Allow", "GET"),
            Ask("2", "another method: the check", "POST", "/check/check", 405, Shape.Problem()).With("Allow", "GET"),
            Post("2", "an unknown parameter: posting", "/receiver/stats/running?dry_run=1", Run, 400, Shape.Problem("dry_run")),
            Get("2", "an unknown parameter: liveness", "/receiver/check?x=1", 400, Shape.Problem("x")),
            Get("2", "an unknown parameter: rows", $"/storage/stats/music?{Always}&from=1", 400, Shape.Problem("from")),
            Get("2", "an unknown parameter: counts", "/storage/stats?x=1", 400, Shape.Problem("x")),
            Get("2", "an unknown parameter: statistics", "/processing/stats?x=1", 400, Shape.Problem("x")),
            Get("2", "an unknown parameter: the n-th", "/analyzer/music?index=0&page=1", 400, Shape.Problem("page")),
            Get("2", "an unknown parameter: index counts", "/analyzer/stats?x=1", 400, Shape.Problem("x")),
            Get("2", "an unknown parameter: anomalies", "/anomaly/anomalies?event_type=running_stats", 400, Shape.Problem("event_type")),
            Get("2", "an unknown parameter: the check", "/check/check?x=1", 400, Shape.Problem("x")),
        ];

    private static Shape DocumentOf(string service) =>
        Shape.Json($$"""{"openapi":"<text>","servers":[{"url":"/{{service}}"}],"paths":"<any>","...":0}""");

    private static Shape Progress(string consumer) => Shape.Json($$"""{"log":"main","consumer":"{{consumer}}","...":0}""");
}
