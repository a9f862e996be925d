using Contracts;
using Microsoft.EntityFrameworkCore;
using ServiceDefaults;
using Storage.Persistence;

namespace Storage.Counts;

/// <summary>How many events of each type are stored, under each system's own path and keys.</summary>
internal static class CountEndpoints
{
    public static void MapCounts(this IEndpointRouteBuilder routes, EnabledSystems systems)
    {
        if (systems.RealEstate)
            Map(routes, "/site/events/count", EventSystem.RealEstate, type => type.Name, "How many listings and bids are stored");
        if (systems.Runify)
            Map(routes, "/stats", EventSystem.Runify, type => $"num_{type.Name}", "How many runs and songs are stored");
    }

    private static void Map(IEndpointRouteBuilder routes, string path, EventSystem system, Func<EventType, string> key, string summary) =>
        routes
            .MapGet(
                path,
                (IDbContextFactory<StorageDb> contexts, CancellationToken cancellationToken) =>
                    CountAsync(contexts, system, key, cancellationToken)
            )
            .WithTags("Events")
            .WithSummary(summary)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Dictionary<string, long>> CountAsync(
        IDbContextFactory<StorageDb> contexts,
        EventSystem system,
        Func<EventType, string> key,
        CancellationToken cancellationToken
    )
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stored = await db
            .EventCounts.GroupBy(count => count.TypeId)
            .Select(type => new { TypeId = type.Key, Stored = type.Sum(count => count.Stored) })
            .ToDictionaryAsync(type => type.TypeId, type => type.Stored, cancellationToken);
        return EventCatalog.All.Where(type => type.System == system).ToDictionary(key, type => stored.GetValueOrDefault(type.Id));
    }
}
