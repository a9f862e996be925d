using System.Text;
using Contracts;

namespace ReaderSupport;

/// <summary>Events with trace ids of their own.</summary>
public static class Sample
{
    private static long _traceId = 1_738_302_360_430_669_000;

    /// <summary>A trace id that no other event of the process has.</summary>
    public static long NextTraceId() => Interlocked.Increment(ref _traceId);

    /// <summary>A listing; <paramref name="more"/> is appended to its body.</summary>
    public static ListingPosted Listing(long id = 1, string price = "600000.005", string more = "", long? traceId = null) =>
        (ListingPosted)Accept(
            EventCatalog.Listings,
            $$"""{"listing_id":{{id}},"listing_price":{{price}},"listing_type":"Condo","listing_status":"SOLD","listing_contact":"a@b.c"{{more}}}""",
            traceId
        );

    /// <summary>A bid.</summary>
    public static BidPosted Bid(long id = 1, string asking = "600000", string offer = "619000.5", long? traceId = null) =>
        (BidPosted)Accept(
            EventCatalog.Bids,
            $$"""
            {"bidding_id":{{id}},"listing_id":7,"asking_price":{{asking}},"offer_price":{{offer}},"property_square_feet":2013,
            "price_per_square_feet":298.06,"bid_status":"REJECTED"}
            """,
            traceId
        );

    /// <summary>A run.</summary>
    public static RunPosted Run(
        string user = "d290f1ee-6c54-4b01-90e6-d701748f0851",
        string duration = "3600.5",
        string distance = "5000"
    ) =>
        (RunPosted)
            Draft(
                    EventCatalog.RunningStats,
                    $$"""{"user_id":"{{user}}","duration":{{duration}},"distance":{{distance}},"timestamp":"2024-09-10T09:12:33.001Z"}"""
                )
                .Accept(Guid.CreateVersion7(), DateTimeOffset.UtcNow);

    /// <summary>A song.</summary>
    public static SongPosted Song(string user = "d999f1ee-6c54-4b01-90e6-d701748f0851", string duration = "180") =>
        (SongPosted)
            Draft(
                    EventCatalog.MusicInfo,
                    $$"""{"user_id":"{{user}}","song_name":"Run Boy Run","artist":"Woodkid","song_duration":{{duration}},"timestamp":"whenever"}"""
                )
                .Accept(Guid.CreateVersion7(), DateTimeOffset.UtcNow);

    private static EventMessage Accept(EventType type, string body, long? traceId) =>
        Draft(type, body).Accept(traceId ?? NextTraceId(), DateTimeOffset.UtcNow);

    private static EventDraft Draft(EventType type, string body) =>
        type.Check(Encoding.UTF8.GetBytes(body), out var error) ?? throw new InvalidOperationException(error);
}
