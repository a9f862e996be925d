using Contracts;
using ServiceDefaults;

namespace Processing.Statistics;

/// <summary>A type of event that is counted, and under which names its figures are shown. A further type is one line here.</summary>
/// <param name="Type">The type.</param>
/// <param name="Path">Its list, below Storage's address.</param>
/// <param name="Url">The setting that may say otherwise; null when there is none.</param>
/// <param name="Figures">What is shown of its columns.</param>
internal sealed record CountedType(EventType Type, string Path, Setting<string?>? Url, IReadOnlyList<Figure> Figures)
{
    // A list that is given out only between two times is asked for with all times there are.
    private const string AllTimes = "start_timestamp=1970-01-01T00:00:00Z&end_timestamp=9999-12-31T23:59:59Z&";

    public static IReadOnlyList<CountedType> All { get; } =
    [
        new(EventCatalog.Listings, "/site/listings", Settings.ListingsUrl, [Figure.Max("listing_price", "max_listing_price")]),
        new(EventCatalog.Bids, "/site/bids", Settings.BidsUrl, [Figure.Max("offer_price", "max_offer_price")]),
        new(
            EventCatalog.RunningStats,
            "/stats/running",
            null,
            [
                Figure.Max("distance", "max_distance"),
                // The name that the API document has for it.
                Figure.Max("distance", "max_run_distance"),
                Figure.Max("duration", "max_duration"),
                Figure.Mean("duration", "avg_run_duration"),
            ]
        ),
        new(EventCatalog.MusicInfo, "/stats/music", null, [Figure.Mean("song_duration", "avg_song_duration")]),
    ];

    /// <summary>The key of its count.</summary>
    public string CountKey => $"num_{Type.Name}";

    /// <summary>The columns that are summed up.</summary>
    public IEnumerable<string> Columns => Figures.Select(figure => figure.Column).Distinct();

    /// <summary>What the list is always asked with.</summary>
    public string Query => Type.System == EventSystem.Runify ? AllTimes : "";

    /// <summary>The types of one system, in the order they are shown.</summary>
    public static IEnumerable<CountedType> Of(EventSystem system) => All.Where(counted => counted.Type.System == system);
}
