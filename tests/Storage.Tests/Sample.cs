using System.Text;
using Contracts;

namespace Storage.Tests;

/// <summary>Events with trace ids of their own.</summary>
internal static class Sample
{
    private static long _traceId = 1_738_302_360_430_669_000;

    public static long NextTraceId() => Interlocked.Increment(ref _traceId);

    public static ListingPosted Listing(long id = 1, string extra = "") =>
        (ListingPosted)Accept(
            EventCatalog.Listings,
            $$"""{"listing_id":{{id}},"listing_price":600000.005,"listing_type":"Condo","listing_status":"SOLD","listing_contact":"a@b.c"{{extra}}}"""
        );

    public static BidPosted Bid(long id = 1, string extra = "") =>
        (BidPosted)Accept(
            EventCatalog.Bids,
            $$"""
            {"bidding_id":{{id}},"listing_id":7,"asking_price":600000,"offer_price":619000.5,"property_square_feet":2013,
            "price_per_square_feet":298.06,"bid_status":"REJECTED"{{extra}}}
            """
        );

    private static EventMessage Accept(EventType type, string body)
    {
        var draft = type.Check(Encoding.UTF8.GetBytes(body), out var error) ?? throw new InvalidOperationException(error);
        return draft.Accept(NextTraceId(), DateTimeOffset.UtcNow);
    }
}
