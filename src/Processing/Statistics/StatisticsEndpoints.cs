using System.Globalization;
using Contracts;
using Processing.Source;
using ServiceDefaults;

namespace Processing.Statistics;

internal static class StatisticsEndpoints
{
    public static void MapStatistics(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/stats", Stats)
            .WithTags("Statistics")
            .WithSummary("What has been counted, each event once")
            .Produces<object>()
            .Produces<object>(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes
            .MapPost("/recompute", RecomputeAll)
            .WithTags("Statistics")
            .WithSummary("Counts everything anew and says whether it was the same")
            .Produces<object>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes
            .MapGet("/progress", Progress)
            .WithTags("Operation")
            .WithSummary("The highest row that has been counted of every partition and type")
            .Produces<object>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .DisableHttpMetrics();
    }

    private static async Task<IResult> Stats(StatisticsStore store, EnabledSystems systems, CancellationToken cancellationToken) =>
        StatisticsDocument.Write(systems, await store.AllAsync(cancellationToken)) is { } document
            ? Results.Bytes(document, "application/json")
            : Replies.Message(StatusCodes.Status404NotFound, "Statistics do not exist");

    private static async Task<IResult> RecomputeAll(Recompute recompute, CancellationToken cancellationToken)
    {
        try
        {
            var types = await recompute.RunAsync(cancellationToken);
            return Results.Json(new { equal = types.All(type => type.Equal), types });
        }
        catch (StorageException failure)
        {
            return Replies.Problem(StatusCodes.Status503ServiceUnavailable, failure.Message, TimeSpan.FromSeconds(5));
        }
    }

    private static async Task<IResult> Progress(StatisticsStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var at = clock.GetUtcNow().UtcDateTime;
        var statistics = await store.AllAsync(cancellationToken);
        var partitions = statistics.SelectMany(counted =>
            counted
                .Rows.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(row => row.Split('='))
                .Select(row => new
                {
                    partition = int.Parse(row[0], CultureInfo.InvariantCulture),
                    type = EventCatalog.Find(counted.TypeId)?.Name,
                    row_no = long.Parse(row[1], CultureInfo.InvariantCulture),
                })
        );
        return Results.Json(new { partitions = partitions.OrderBy(row => row.partition).ThenBy(row => row.type).ToList(), at });
    }
}
