using Contracts;
using Microsoft.EntityFrameworkCore;
using Storage.Persistence;

namespace Storage.Counts;

internal static class CountEndpoints
{
    public static void MapCounts(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/site/events/count", Count)
            .WithTags("Events")
            .WithSummary("How many listings and bids are stored")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<EventCounts> Count(IDbContextFactory<StorageDb> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stored = await db
            .EventCounts.GroupBy(count => count.TypeId)
            .Select(type => new { TypeId = type.Key, Stored = type.Sum(count => count.Stored) })
            .ToDictionaryAsync(type => type.TypeId, type => type.Stored, cancellationToken);
        return new EventCounts(stored.GetValueOrDefault(EventCatalog.Listings.Id), stored.GetValueOrDefault(EventCatalog.Bids.Id));
    }
}
