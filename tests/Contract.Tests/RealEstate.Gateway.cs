using TestSupport;

namespace Contract.Tests;

/// <summary>Sections 11, 13 and 14: the gateway, the dashboard, and what differs from the original on purpose.</summary>
public static partial class RealEstate
{
    private static IEnumerable<Row> Gateway =>
        [
            Get("11", "the dashboard", "/", 200, Shape.Text("text/html", "<h1>Dashboard</h1>")).Gateway(),
            Get("11", "the dashboard by name", "/index.html", 200, Shape.Text("text/html", "<h1>Dashboard</h1>")).Gateway(),
            Get("11", "the page for trouble", "/50x.html", 200, Shape.Text("text/html", "<html")).Gateway(),
            Get("11", "no such file", "/nothing.js", 404, Shape.Problem("/nothing.js")).Gateway(),
            Get("11", "a prefix that only looks alike", "/storages/site/bids", 404, Shape.Problem()).Gateway(),
            .. BasePaths.Select(service =>
                Get("11", $"progress of {service} is kept in", $"/{service}/progress", 404, Shape.Problem()).Gateway()
            ),
            Get(
                    "11",
                    "progress of storage at its port",
                    "/storage/progress",
                    200,
                    Shape.Json("""{"log":"main","consumer":"storage","...":0}""")
                )
                .Direct(),
            Get("11", "the log is kept in", "/receiver/log", 404, Shape.Problem()).Gateway(),
            Get("11", "a side is kept in", "/storage/side/buckets", 404, Shape.Problem()).Gateway(),
            Ask("11", "nobody deletes in storage", "DELETE", "/storage/site/listings", 403, Shape.Problem()).Gateway(),
            Get("11", "a service that is away", "/storage/site/events/count", 503, Shape.Problem("storage"))
                .Fresh()
                .Gateway()
                .With("Retry-After", "[0-9]+"),
            Get("11", "a service that is away, in a browser", "/storage/ui/", 503, Shape.Text("text/html", "<html"))
                .Fresh()
                .Gateway()
                .Sending("Accept", "text/html"),
        ];

    private static IEnumerable<Row> Dashboard =>
        [
            Get("13", "the page's title", "/", 200, Shape.Text("text/html", "<title>Real Estate Corp.</title>")).Gateway(),
            .. DashboardElements.RealEstate.Select(id =>
                Get("13", $"the element {id}", "/", 200, Shape.Text("text/html", $"id=\"{id}\"")).Gateway()
            ),
            Get("13", "an empty index means 1", "/analyzer/site/listings?index=1", 200, Shape.Text("application/json", "999.99")).Gateway(),
            Post("14", "POST success is 201 and not 200", "/receiver/site/bids", Bid, 201, Accepted),
            Post("14", "an invalid bid is 400 and not 401", "/receiver/site/bids", "{}", 400, Shape.Problem()),
            Get("14", "statistics have five keys and not four", "/processing/stats", 200, Statistics),
            Get("14", "index counts have the wire's keys", "/analyzer/stats", 200, IndexCounts),
            Ask("14", "with an input down the check is 503", "POST", "/consistency_check/update", 503, Shape.Message()).Fresh(),
            Get("14", "and what was known stays: nothing", "/consistency_check/checks", 404, Shape.Message()).Fresh(),
            Ask("14", "looking for anomalies is 201", "PUT", "/anomaly_detector/update", 201, Looked),
            Get("14", "anomalies are an array", "/anomaly_detector/anomalies", 200, Each(Anomaly)),
            Post("14", "writing to storage is off", "/storage/site/listings", Listing, 403, Shape.Problem()),
        ];
}
