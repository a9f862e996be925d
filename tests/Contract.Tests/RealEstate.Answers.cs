namespace Contract.Tests;

/// <summary>Sections 6 to 9: what is counted, indexed, compared and found odd.</summary>
public static partial class RealEstate
{
    private const string Anomaly =
        """{"event_id":"4711","trace_id":"<trace text>","event_type":"listings","anomaly_type":"Too Low","description":"<text>"}""";

    private static Shape Statistics { get; } =
        Shape.Json(
            """{"num_listings":"<int>","num_bids":"<int>","max_listing_price":600000.0,"max_offer_price":619000.0,"last_updated":"<date and time>"}"""
        );

    private static Shape IndexCounts { get; } = Shape.Json("""{"Listings":"<int>","Bids":"<int>"}""");

    private static Shape NthListing { get; } = Shape.Json($"[{StoredListing}]");

    private static Shape NthBid { get; } = Shape.Json($"[{StoredBid}]");

    private static Shape Checked { get; } = Shape.Json("""{"processing_time_ms":"<int>"}""");

    private static Shape Checks { get; } =
        Shape.Json(
            """
            {"last_updated":"<utc to the microsecond>",
             "counts":{"db":{"listings":"<int>","bids":"<int>"},"queue":{"listings":"<int>","bids":"<int>"},"processing":{"listings":"<int>","bids":"<int>"}},
             "missing_in_db":[],"missing_in_queue":[]}
            """
        );

    private static Shape Looked { get; } = Shape.Json("""{"anomalies_count":1}""");

    private static IEnumerable<Row> Processing =>
        [
            Get("6", "statistics", "/processing/stats", 200, Statistics),
            Get("6", "before the first cycle", "/processing/stats", 404, Shape.Message("Statistics do not exist")).Fresh(),
            Ask("6", "counting anew", "POST", "/processing/recompute", 200, Shape.Json("""{"equal":true,"types":"<any>"}""")),
            Ask("6", "counting anew while Storage is away", "POST", "/processing/recompute", 503, Shape.Problem("storage")).Fresh(),
        ];

    private static IEnumerable<Row> Analyzer =>
        [
            Get("7", "the first listing", "/analyzer/site/listings?index=0", 200, NthListing),
            Get(
                "7",
                "the second listing",
                "/analyzer/site/listings?index=1",
                200,
                Shape.Json($"[{Change(CheapListing, "}", ",\"trace_id\":\"<trace>\"}")}]")
            ),
            Get("7", "the first bid", "/analyzer/site/bids?index=0", 200, NthBid),
            .. new[] { "-1", "1000000", "99999999999999999999" }.SelectMany(index =>
                new[] { "listings", "bids" }.Select(type =>
                    Get(
                        "7",
                        $"no event of {type} at {index}",
                        $"/analyzer/site/{type}?index={index}",
                        404,
                        Shape.Message($"No message at index {index}!")
                    )
                )
            ),
            .. new[] { "first", "1.0", "" }.Select(index =>
                Get("7", $"the index '{index}'", $"/analyzer/site/listings?index={index}", 400, Shape.Problem("index"))
            ),
            Get("7", "no index", "/analyzer/site/listings", 400, Shape.Problem("index")),
            Get("7", "no index, bids", "/analyzer/site/bids", 400, Shape.Problem("index")),
            Get("7", "counts", "/analyzer/stats", 200, IndexCounts),
            Get("7", "counts of nothing", "/analyzer/stats", 200, Shape.Json("""{"Listings":0,"Bids":0}""")).Fresh(),
            Get("7", "ids of listings", "/analyzer/site/listings/ids", 200, Each(IdRow)),
            Get("7", "ids of bids", "/analyzer/site/bids/ids", 200, Each(IdRow)),
            Get("7", "ids of nothing", "/analyzer/site/bids/ids", 200, Shape.Json("[]")).Fresh(),
            Get("7", "whether there is more, nobody knows while Kafka is away", "/analyzer/site/bids?index=0", 503, Shape.Message())
                .Fresh()
                .With("Retry-After", "[0-9]+"),
        ];

    private static IEnumerable<Row> Consistency =>
        [
            Ask("8", "a check", "POST", "/consistency_check/update", 200, Checked),
            Get("8", "its result", "/consistency_check/checks", 200, Checks),
            Get("8", "before the first", "/consistency_check/checks", 404, Shape.Message("No consistency checks have been run yet"))
                .Fresh(),
            Ask("8", "a check while a service is away", "POST", "/consistency_check/update", 503, Shape.Message()).Fresh(),
            Ask("8", "a check of another method", "PUT", "/consistency_check/update", 405, Shape.Problem()),
        ];

    private static IEnumerable<Row> Anomalies =>
        [
            Ask("9", "looking", "PUT", "/anomaly_detector/update", 201, Looked),
            Ask("9", "looking by POST", "POST", "/anomaly_detector/update", 201, Looked),
            Get("9", "what was found", "/anomaly_detector/anomalies", 200, Each(Anomaly)),
            Get("9", "what was found among listings", "/anomaly_detector/anomalies?event_type=listings", 200, Each(Anomaly)),
            Get("9", "nothing among bids", "/anomaly_detector/anomalies?event_type=bids", 204, Shape.Nothing),
            Get("9", "another type", "/anomaly_detector/anomalies?event_type=cars", 400, Shape.Message()),
            Get("9", "before it has caught up", "/anomaly_detector/anomalies", 404, Shape.Message()).Fresh().Direct(),
            Ask("9", "looking while Kafka is away", "PUT", "/anomaly_detector/update", 503, Shape.Message())
                .Fresh()
                .Gateway()
                .With("Retry-After", "[0-9]+"),
        ];
}
