namespace Contract.Tests;

/// <summary>The wire contract of the real-estate system as a table. Sections are numbered as there.</summary>
public static partial class RealEstate
{
    /// <summary>A listing.</summary>
    public const string Listing =
        """{"listing_id":4711,"listing_price":600000.00,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Apartment","listing_status":"SOLD","listing_contact":"random_person@random.com"}""";

    /// <summary>A listing below the price of an anomaly.</summary>
    public const string CheapListing =
        """{"listing_id":4711,"listing_price":999.99,"listing_type":"Condo","listing_status":"AVAILABLE","listing_contact":"a@b"}""";

    /// <summary>A bid.</summary>
    public const string Bid =
        """{"bidding_id":17,"listing_id":4711,"asking_price":600000.00,"offer_price":619000.00,"offer_date":"2025-01-07T12:47:00Z","property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED"}""";

    private const string ListingRow =
        """{"listing_id":"<int>","listing_price":"<number>","listing_post":"<utc>","listing_type":"<text>","listing_status":"<text>","listing_contact":"<text>","trace_id":"<trace>"}""";

    private const string BidRow =
        """{"bidding_id":"<int>","listing_id":"<int>","asking_price":"<number>","offer_price":"<number>","offer_date":"<utc>","property_square_feet":"<int>","price_per_square_feet":"<number>","bid_status":"<text>","trace_id":"<trace>"}""";

    private const string IdRow = """{"event_id":"<int>","trace_id":"<trace>"}""";

    private static readonly string[] BasePaths = ["receiver", "storage", "processing", "analyzer", "consistency_check", "anomaly_detector"];

    private static readonly Shape Accepted = Shape.Json("""{"trace_id":"<trace>"}""");

    /// <summary>Every row.</summary>
    public static IEnumerable<Row> Rows =>
        [
            .. Services,
            .. Conventions,
            .. Receiver,
            .. Storage,
            .. Processing,
            .. Analyzer,
            .. Consistency,
            .. Anomalies,
            .. Gateway,
            .. Dashboard,
        ];
}
