using Contracts;
using ServiceDefaults;

namespace Processing.Statistics;

/// <summary>A type of event that is counted, and under which names its figures are shown. A further type is one line here.</summary>
/// <param name="Type">The type.</param>
/// <param name="Path">Its list, below Storage's address.</param>
/// <param name="Url">The setting that may say otherwise.</param>
/// <param name="CountKey">The key of its count.</param>
/// <param name="Maxima">The columns whose maxima are shown, each with its key.</param>
internal sealed record CountedType(
    EventType Type,
    string Path,
    Setting<string?> Url,
    string CountKey,
    IReadOnlyList<(string Column, string Key)> Maxima
)
{
    public static IReadOnlyList<CountedType> All { get; } =
    [
        new(EventCatalog.Listings, "/site/listings", Settings.ListingsUrl, "num_listings", [("listing_price", "max_listing_price")]),
        new(EventCatalog.Bids, "/site/bids", Settings.BidsUrl, "num_bids", [("offer_price", "max_offer_price")]),
    ];

    /// <summary>The types of one system, in the order they are shown.</summary>
    public static IEnumerable<CountedType> Of(EventSystem system) => All.Where(counted => counted.Type.System == system);
}
