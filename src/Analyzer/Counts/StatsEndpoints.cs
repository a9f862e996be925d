using Analyzer.Reading;
using Contracts;
using ServiceDefaults;

namespace Analyzer.Counts;

internal static class StatsEndpoints
{
    public static void MapStats(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/stats", Stats)
            .WithTags("Events")
            .WithSummary("How many events of each type the index has")
            .WithDescription("`Listings` and `Bids` of the real-estate system, `num_running_stats` and `num_music_info` of Runify.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Dictionary<string, long>> Stats(
        HttpContext context,
        EventIndex index,
        EnabledSystems systems,
        CancellationToken cancellationToken
    )
    {
        var heads = await index.HeadsAsync(cancellationToken);
        return systems.At(context).Types.ToDictionary(KeyOf, type => heads.GetValueOrDefault(type.Id).Events);
    }

    // The keys are each system's own; with both systems on, a reply has the keys of both.
    private static string KeyOf(EventType type) =>
        type.System == EventSystem.RealEstate ? char.ToUpperInvariant(type.Name[0]) + type.Name[1..] : $"num_{type.Name}";
}
