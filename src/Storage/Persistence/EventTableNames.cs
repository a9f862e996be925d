using Contracts;

namespace Storage.Persistence;

/// <summary>Which table an event type has. A further type is one line here, one entity and one migration.</summary>
/// <param name="Type">The type.</param>
/// <param name="Table">The table's name.</param>
/// <param name="EventId">The column of the event's id.</param>
/// <param name="StoredAt">The column of the time of storing.</param>
internal sealed record EventTableNames(EventType Type, string Table, string EventId, string StoredAt)
{
    public static EventTableNames Listings { get; } = new(EventCatalog.Listings, "listings", "listing_id", "ingested_at");

    public static EventTableNames Bids { get; } = new(EventCatalog.Bids, "bids", "bidding_id", "ingested_at");

    public static EventTableNames Runs { get; } = new(EventCatalog.RunningStats, "running_data", "user_id", "date_created");

    public static EventTableNames Songs { get; } = new(EventCatalog.MusicInfo, "music_data", "user_id", "date_created");

    public static IReadOnlyList<EventTableNames> All { get; } = [Listings, Bids, Runs, Songs];
}
