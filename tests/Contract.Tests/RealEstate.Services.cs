namespace Contract.Tests;

/// <summary>Sections 1 and 2: services and what holds for all of them.</summary>
public static partial class RealEstate
{
    private static IEnumerable<Row> Services =>
        [
            .. Documents(BasePaths),
            Post("1", "the short form of a route: a listing", "/site/listings", Listing, 201, Accepted).ShortFormOf("receiver"),
            Post("1", "the short form of a route: a bid", "/site/bids/", Bid, 201, Accepted).ShortFormOf("receiver"),
            Get("1", "the short form of a route: rows", "/site/bids", 200, Each(BidRow)).ShortFormOf("storage"),
            Get("1", "the short form of a route: counts", "/site/events/count", 200, StoredCounts).ShortFormOf("storage"),
            Get("1", "the short form of a route: statistics", "/stats", 200, Statistics).ShortFormOf("processing"),
            Get("1", "the short form of a route: index counts", "/stats", 200, IndexCounts).ShortFormOf("analyzer"),
            Get("1", "the short form of a route: the n-th", "/site/bids?index=0", 200, NthBid).ShortFormOf("analyzer"),
            Get("1", "the short form of a route: the check", "/checks", 200, Checks).ShortFormOf("consistency_check"),
            Ask("1", "the short form of a route: checking", "POST", "/update", 200, Checked).ShortFormOf("consistency_check"),
            Get("1", "the short form of a route: anomalies", "/anomalies", 200, Each(Anomaly)).ShortFormOf("anomaly_detector"),
            Ask("1", "the short form of a route: looking", "PUT", "/update", 201, Looked).ShortFormOf("anomaly_detector"),
            Post("1", "a slash at the end: posting", "/receiver/site/listings/", Listing, 201, Accepted),
            Get("1", "a slash at the end: rows", "/storage/site/listings/", 200, Each(ListingRow)),
            Get("1", "a slash at the end: statistics", "/processing/stats/", 200, Statistics),
            Get("1", "a slash at the end: the n-th", "/analyzer/site/listings/?index=0", 200, NthListing),
            Get("1", "a slash at the end: the check", "/consistency_check/checks/", 200, Checks),
            Get("1", "a slash at the end: anomalies", "/anomaly_detector/anomalies/", 200, Each(Anomaly)),
        ];

    private static IEnumerable<Row> Conventions =>
        [
            Post("2", "JSON with a charset", "/receiver/site/bids", Bid, 201, Accepted).As("application/json; charset=utf-8"),
            Post("2", "no content type is JSON", "/receiver/site/bids", Bid, 201, Accepted).As(null),
            Post("2", "another content type", "/receiver/site/bids", Bid, 415, Shape.Problem("text/plain")).As("text/plain"),
            .. BasePaths.Select(service =>
                Get("2", $"{service}: nothing at a path", $"/{service}/nothing/here", 404, Shape.Problem($"/{service}/nothing/here"))
            ),
            Ask("2", "another method: listings", "DELETE", "/receiver/site/listings", 405, Shape.Problem()).With("Allow", "POST"),
            Ask("2", "another method: statistics", "POST", "/processing/stats", 405, Shape.Problem()).With("Allow", "GET"),
            Ask("2", "another method: the n-th", "DELETE", "/analyzer/site/bids", 405, Shape.Problem()),
            Ask("2", "another method: the check", "GET", "/consistency_check/update", 405, Shape.Problem()).With("Allow", "POST"),
            Ask("2", "another method: anomalies", "DELETE", "/anomaly_detector/anomalies", 405, Shape.Problem()).With("Allow", "GET"),
            Post("2", "an unknown parameter: posting", "/receiver/site/listings?dry_run=1", Listing, 400, Shape.Problem("dry_run")),
            Get("2", "an unknown parameter: rows", "/storage/site/listings?from=1", 400, Shape.Problem("from")),
            Get("2", "an unknown parameter: counts", "/storage/site/events/count?x=1", 400, Shape.Problem("x")),
            Get("2", "an unknown parameter: statistics", "/processing/stats?x=1", 400, Shape.Problem("x")),
            Get("2", "an unknown parameter: the n-th", "/analyzer/site/bids?index=0&page=1", 400, Shape.Problem("page")),
            Get("2", "an unknown parameter: the check", "/consistency_check/checks?x=1", 400, Shape.Problem("x")),
            Get("2", "an unknown parameter: anomalies", "/anomaly_detector/anomalies?type=bids", 400, Shape.Problem("type")),
            Post(
                "2",
                "an unknown property is accepted",
                "/receiver/site/bids",
                Change(Bid, "{", """{"note":{"a":[1.0]},"""),
                201,
                Accepted
            ),
            Post(
                "2",
                "an integer with a fraction of zero",
                "/receiver/site/listings",
                Change(Listing, "4711", "4711.0"),
                400,
                Shape.Problem("listing_id")
            ),
            Post(
                "2",
                "an integer with a fraction",
                "/receiver/site/listings",
                Change(Listing, "4711", "2.5"),
                400,
                Shape.Problem("listing_id")
            ),
            Post("2", "an integer as text", "/receiver/site/listings", Change(Listing, "4711", "\"2\""), 400, Shape.Problem("listing_id")),
            Post(
                "2",
                "an integer beyond 64 bits",
                "/receiver/site/listings",
                Change(Listing, "4711", "9223372036854775808"),
                400,
                Shape.Problem("listing_id")
            ),
            Post("2", "a number that is whole", "/receiver/site/listings", Change(Listing, "600000.00", "600000"), 201, Accepted),
            Post(
                "2",
                "a number as text",
                "/receiver/site/listings",
                Change(Listing, "600000.00", "\"600000\""),
                400,
                Shape.Problem("listing_price")
            ),
            Post(
                "2",
                "null for a listed property",
                "/receiver/site/listings",
                Change(Listing, "\"SOLD\"", "null"),
                400,
                Shape.Problem("listing_status")
            ),
            Post(
                "2",
                "null for one that may be absent",
                "/receiver/site/listings",
                Change(Listing, "\"2025-01-07T12:47:00Z\"", "null"),
                400,
                Shape.Problem("listing_post")
            ),
            Post("2", "an empty body", "/receiver/site/listings", "", 400, Shape.Problem()),
            Post("2", "the body null", "/receiver/site/bids", "null", 400, Shape.Problem()),
            Post("2", "an array", "/receiver/site/bids", $"[{Bid}]", 400, Shape.Problem()),
            Post("2", "malformed JSON", "/receiver/site/bids", Bid[..^1], 400, Shape.Problem()),
            .. CrossOriginPaths.Select(path =>
                Get("2", $"any origin may call {path} by the setting", path, 200, Shape.Text("application/json", ""))
                    .Sending("Origin", "http://elsewhere.example")
                    .With("Access-Control-Allow-Origin", "\\*")
                    .With("Access-Control-Allow-Credentials", null)
            ),
            Ask("2", "a browser asks first", "OPTIONS", "/receiver/site/listings", 204, Shape.Nothing)
                .Sending("Origin", "http://elsewhere.example")
                .Sending("Access-Control-Request-Method", "POST")
                .Sending("Access-Control-Request-Headers", "content-type")
                .With("Access-Control-Allow-Origin", "\\*")
                .With("Access-Control-Allow-Methods", ".*POST.*|\\*")
                .With("Access-Control-Allow-Headers", ".*content-type.*|\\*"),
            Get("2", "without the setting no other origin may", "/analyzer/stats", 200, IndexCounts)
                .Fresh()
                .Sending("Origin", "http://elsewhere.example")
                .With("Access-Control-Allow-Origin", null),
        ];

    private static string[] CrossOriginPaths =>
        ["/storage/site/events/count", "/processing/stats", "/analyzer/stats", "/consistency_check/checks", "/anomaly_detector/anomalies"];
}
