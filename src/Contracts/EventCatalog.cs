namespace Contracts;

/// <summary>
/// The one place that knows every type of event. A further type is one record, one line here, one table and one feature folder in each
/// service that shows it. Numbers are stored in databases and in digests: they are never changed and never used again.
/// </summary>
public static class EventCatalog
{
    /// <summary>Listings of the real-estate system.</summary>
    public static EventType Listings { get; } =
        EventType.Of<ListingPosted>(1, "listings", EventSystem.RealEstate, "listing_id", "listing_id");

    /// <summary>Bids of the real-estate system, in the order of the listings they are for.</summary>
    public static EventType Bids { get; } = EventType.Of<BidPosted>(2, "bids", EventSystem.RealEstate, "listing_id", "bidding_id");

    /// <summary>Runs of Runify.</summary>
    public static EventType RunningStats { get; } = EventType.Of<RunPosted>(3, "running_stats", EventSystem.Runify, "user_id", "user_id");

    /// <summary>Songs of Runify.</summary>
    public static EventType MusicInfo { get; } = EventType.Of<SongPosted>(4, "music_info", EventSystem.Runify, "user_id", "user_id");

    /// <summary>All types, in the order of their numbers.</summary>
    public static IReadOnlyList<EventType> All { get; } = [Listings, Bids, RunningStats, MusicInfo];

    /// <summary>The type of that name on the wire; null when there is none.</summary>
    public static EventType? Find(ReadOnlySpan<char> name)
    {
        foreach (var type in All)
        {
            if (name.SequenceEqual(type.Name))
                return type;
        }
        return null;
    }

    /// <summary>The type of that number; null when there is none.</summary>
    public static EventType? Find(int id) => id >= 1 && id <= All.Count ? All[id - 1] : null;

    /// <summary>The type of a message.</summary>
    public static EventType Of(EventMessage message) => Of(message.GetType());

    /// <summary>The type whose messages are <paramref name="message"/>.</summary>
    /// <exception cref="ArgumentException">The catalog has no such message.</exception>
    public static EventType Of(Type message)
    {
        foreach (var type in All)
        {
            if (type.MessageType == message)
                return type;
        }
        throw new ArgumentException($"The catalog has no event type for {message}.", nameof(message));
    }
}
