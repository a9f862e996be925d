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

    public static RunPosted Run(string distance = "5000", string duration = "3600", string user = "u-1") =>
        (RunPosted)
            Draft(
                    EventCatalog.RunningStats,
                    $$"""{"user_id":"{{user}}","duration":{{duration}},"distance":{{distance}},"timestamp":"2024-09-10T09:12:33.001Z"}"""
                )
                .Accept(Guid.CreateVersion7(), DateTimeOffset.UtcNow);

    public static SongPosted Song(string duration = "180") =>
        (SongPosted)
            Draft(
                    EventCatalog.MusicInfo,
                    $$"""{"user_id":"u-2","song_name":"Run Boy Run","artist":"Woodkid","song_duration":{{duration}},"timestamp":"whenever"}"""
                )
                .Accept(Guid.CreateVersion7(), DateTimeOffset.UtcNow);

    private static EventMessage Accept(EventType type, string body) => Draft(type, body).Accept(NextTraceId(), DateTimeOffset.UtcNow);

    private static EventDraft Draft(EventType type, string body) =>
        type.Check(Encoding.UTF8.GetBytes(body), out var error) ?? throw new InvalidOperationException(error);
}
