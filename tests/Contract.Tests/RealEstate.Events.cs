namespace Contract.Tests;

/// <summary>Sections 3 and 5: posting events, and reading them from the tables.</summary>
public static partial class RealEstate
{
    private const string Once = "start_timestamp=2020-01-01+00%3A00%3A00&end_timestamp=2020-01-02+00%3A00%3A00";

    private static Shape StoredCounts { get; } = Shape.Json("""{"listings":"<int>","bids":"<int>"}""");

    private static IEnumerable<Row> Receiver =>
        [
            Post("3", "a listing", "/receiver/site/listings", Listing, 201, Accepted).With("X-Trace-Id", "[1-9][0-9]{18}"),
            Post("3", "a bid", "/receiver/site/bids", Bid, 201, Accepted).With("X-Trace-Id", "[1-9][0-9]{18}"),
            Post("3", "a listing without a date", "/receiver/site/listings", Without(Listing, "listing_post"), 201, Accepted),
            Post("3", "a bid without a date", "/receiver/site/bids", Without(Bid, "offer_date"), 201, Accepted),
            .. Required(Listing, "listing_id", "listing_price", "listing_type", "listing_status", "listing_contact"),
            .. Required(
                Bid,
                "bidding_id",
                "listing_id",
                "asking_price",
                "offer_price",
                "property_square_feet",
                "price_per_square_feet",
                "bid_status"
            ),
            .. new[] { "SOLD", "OFFER_PENDING", "AVAILABLE" }.Select(status =>
                Post(
                    "3",
                    $"listing_status {status}",
                    "/receiver/site/listings",
                    Listing.Replace("SOLD", status, StringComparison.Ordinal),
                    201,
                    Accepted
                )
            ),
            Post(
                "3",
                "listing_status in another case",
                "/receiver/site/listings",
                Change(Listing, "SOLD", "sold"),
                400,
                Shape.Problem("listing_status")
            ),
            Post("3", "bid_status APPROVED", "/receiver/site/bids", Change(Bid, "REJECTED", "APPROVED"), 201, Accepted),
            Post("3", "bid_status of a listing", "/receiver/site/bids", Change(Bid, "REJECTED", "SOLD"), 400, Shape.Problem("bid_status")),
            Post(
                "3",
                "a price below zero",
                "/receiver/site/listings",
                Change(Listing, "600000.00", "-0.01"),
                400,
                Shape.Problem("listing_price")
            ),
            Post("3", "an offer as high as what is asked", "/receiver/site/bids", Change(Bid, "619000.00", "600000.0"), 201, Accepted),
            Post(
                "3",
                "listing_type of 50 characters",
                "/receiver/site/listings",
                Change(Listing, "Apartment", new string('é', 50)),
                201,
                Accepted
            ),
            Post(
                "3",
                "listing_type of 51 characters",
                "/receiver/site/listings",
                Change(Listing, "Apartment", new string('é', 51)),
                400,
                Shape.Problem("listing_type")
            ),
            Post(
                "3",
                "listing_contact without @",
                "/receiver/site/listings",
                Change(Listing, "@", "-"),
                400,
                Shape.Problem("listing_contact")
            ),
            Post(
                "3",
                "listing_contact of 255 characters",
                "/receiver/site/listings",
                Change(Listing, "random_person", new string('x', 244)),
                400,
                Shape.Problem("listing_contact")
            ),
            Post(
                "3",
                "listing_post that is no date",
                "/receiver/site/listings",
                Change(Listing, "2025-01-07T12:47:00Z", "soon"),
                400,
                Shape.Problem("listing_post")
            ),
            Post("3", "offer_date with fraction and offset", "/receiver/site/bids", Change(Bid, "00Z", "00.5+02:00"), 201, Accepted),
            Post("3", "a trace id of the client is not kept", "/receiver/site/bids", Change(Bid, "{", "{\"trace_id\":7,"), 201, Accepted),
            Post(
                "3",
                "a trace id of the wrong type",
                "/receiver/site/bids",
                Change(Bid, "{", "{\"trace_id\":\"7\","),
                400,
                Shape.Problem("trace_id")
            ),
            Post("3", "a bid is refused like a listing", "/receiver/site/bids", "{}", 400, Shape.Problem()),
            Post("3", "not sent: a listing", "/receiver/site/listings", Listing, 503, Shape.Message("Failed to send event."))
                .Fresh()
                .With("Retry-After", "[0-9]+"),
            Post("3", "not sent: a bid", "/receiver/site/bids", Bid, 503, Shape.Message("Failed to send event."))
                .Fresh()
                .With("Retry-After", "[0-9]+"),
        ];

    private static IEnumerable<Row> Storage =>
        [
            Get("5", "all listings", "/storage/site/listings", 200, Each(ListingRow)),
            Get("5", "all bids", "/storage/site/bids", 200, Each(BidRow)),
            Get("5", "the first listing with its client's date", "/storage/site/listings?limit=1", 200, Shape.Json($"[{StoredListing}]")),
            Get("5", "the first bid with its client's date", "/storage/site/bids?limit=1", 200, Shape.Json($"[{StoredBid}]")),
            Get("5", "a window in which nothing came", $"/storage/site/listings?{Once}", 200, Shape.Json("[]")),
            Get("5", "a window in which nothing came, bids", $"/storage/site/bids?{Once}", 200, Shape.Json("[]")),
            Get("5", "a start alone: until now", "/storage/site/bids?start_timestamp=2020-01-01+00:00:00", 200, Each(BidRow)),
            Get("5", "an end alone: from the epoch", "/storage/site/bids?end_timestamp=2020-01-01+00:00:00", 200, Shape.Json("[]")),
            Get("5", "ids of listings", "/storage/site/listings/ids", 200, Each(IdRow)),
            Get("5", "ids of bids", "/storage/site/bids/ids", 200, Each(IdRow)),
            Get("5", "a page of ids", "/storage/site/bids/ids?limit=1", 200, Shape.Json("""[{"event_id":17,"trace_id":"<trace>"}]"""))
                .With("X-Next-After", ".+"),
            Get("5", "counts", "/storage/site/events/count", 200, StoredCounts),
            Get("5", "a limit of nothing", "/storage/site/bids?limit=0", 400, Shape.Problem("limit")),
            Get("5", "no cursor", "/storage/site/bids/ids?after=rubbish", 400, Shape.Problem("after")),
            Post("5", "writing around the topic is off: listings", "/storage/site/listings", Listing, 403, Shape.Problem("/receiver"))
                .Gateway(),
            Post("5", "writing around the topic is off: bids", "/storage/site/bids", Bid, 403, Shape.Problem("/receiver")).Gateway(),
            Post(
                    "5",
                    "writing around the topic is off, at the port: listings",
                    "/storage/site/listings",
                    Listing,
                    403,
                    Shape.Problem("Receiver")
                )
                .Direct(),
            Post("5", "writing around the topic is off, at the port: bids", "/storage/site/bids", Bid, 403, Shape.Problem("Receiver"))
                .Direct(),
            .. new[]
            {
                "2020-01-01+00:00:00",
                "2020-01-01%2000:00:00",
                "2020-01-01T00:00:00",
                "2020-01-01T00:00:00.5Z",
                "2020-01-01T02:00:00%2B02:00",
            }.Select(start =>
                Get("2.1", $"a window's start as {start}", $"/storage/site/listings?start_timestamp={start}", 200, Each(ListingRow))
            ),
            .. new[] { "yesterday", "", "2025-13-01+00:00:00", "2025-01-07" }.Select(start =>
                Get(
                    "2.1",
                    $"a window's start as '{start}'",
                    $"/storage/site/listings?start_timestamp={start}",
                    400,
                    Shape.Problem("start_timestamp")
                )
            ),
            Get("2.1", "a window's end that is no time", "/storage/site/bids?end_timestamp=x", 400, Shape.Problem("end_timestamp")),
        ];

    private static string StoredListing =>
        """{"listing_id":4711,"listing_price":600000.00,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Apartment","listing_status":"SOLD","listing_contact":"random_person@random.com","trace_id":"<trace>"}""";

    private static string StoredBid =>
        """{"bidding_id":17,"listing_id":4711,"asking_price":600000.00,"offer_price":619000.00,"offer_date":"2025-01-07T12:47:00Z","property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED","trace_id":"<trace>"}""";

    private static IEnumerable<Row> Required(string body, params string[] fields)
    {
        var route = body == Listing ? "listings" : "bids";
        return fields.Select(field =>
            Post("3", $"{route} need {field}", $"/receiver/site/{route}", Without(body, field), 400, Shape.Problem(field))
        );
    }

    private static string Without(string body, string field)
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse(body)!.AsObject();
        return document.Remove(field) ? document.ToJsonString() : throw new ArgumentException($"The body has no {field}.");
    }
}
