using Analyzer.Reading;
using Contracts;
using ServiceDefaults;

namespace Analyzer.Counts;

internal static class StatsEndpoints
{
    // The keys are each system's own; with both systems on, a reply has the keys of both.
    private static readonly (string Key, EventType Type)[] Keys =
    [
        ("Listings", EventCatalog.Listings),
        ("Bids", EventCatalog.Bids),
        ("num_running_stats", EventCatalog.RunningStats),
        ("num_music_info", EventCatalog.MusicInfo),
    ];

    public static void MapStats(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/stats", Stats)
            .WithTags("Events")
            .WithSummary("How many events of each type the index has")
            .WithDescription("`Listings` and `Bids` of the real-estate system, `num_running_stats` and `num_music_info` of Runify.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Dictionary<string, long>> Stats(EventIndex index, EnabledSystems systems, CancellationToken cancellationToken)
    {
        var heads = await index.HeadsAsync(cancellationToken);
        return Keys.Where(key => key.Type.System == EventSystem.RealEstate ? systems.RealEstate : systems.Runify)
            .ToDictionary(key => key.Key, key => heads.GetValueOrDefault(key.Type.Id).Events);
    }
}
