using System.Text.Json;
using Consistency.Comparing;
using Consistency.Persistence;
using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Consistency.Checks;

internal static class CheckEndpoints
{
    private const int MostRuns = 1000;

    public static void MapChecks(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/update", Update)
            .WithTags("Checks")
            .WithSummary("Compares everything now, then computes digests from the columns as far as 20 s go")
            .Produces<object>()
            .Produces<object>(StatusCodes.Status503ServiceUnavailable);
        routes
            .MapGet("/checks", Checks)
            .WithTags("Checks")
            .WithSummary("The result of the last run that had one")
            .Produces<object>()
            .Produces<object>(StatusCodes.Status404NotFound);
        routes
            .MapGet("/v1/state", State)
            .WithTags("Checks")
            .WithSummary("The verdict with its age, cut, books, rotation and differences by class")
            .Produces<object>();
        routes.MapGet("/v1/history", History).WithTags("Checks").WithSummary("Earlier runs, the newest first").Produces<object>();
    }

    private static async Task<IResult> Update(CheckRunner runner, CancellationToken cancellationToken)
    {
        try
        {
            return await runner.FullAsync(cancellationToken) is { } run
                ? Results.Json(new { processing_time_ms = run.Milliseconds })
                : Unavailable("Another check is running.");
        }
        catch (SideException failure)
        {
            return Unavailable(failure.Message);
        }
    }

    private static async Task<IResult> Checks(CheckStore store, CancellationToken cancellationToken) =>
        (await store.LastAsync(cancellationToken)).Good is { Document: { } document }
            ? Results.Text(document, "application/json")
            : Replies.Message(StatusCodes.Status404NotFound, "No consistency checks have been run yet");

    private static async Task<IResult> State(
        CheckStore store,
        IConfiguration settings,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var (last, good) = await store.LastAsync(cancellationToken);
        var open = await store.OpenAsync(cancellationToken);
        var (buckets, oldest) = await store.RotationAsync(cancellationToken);
        var interval = ChecksRegistration.IntervalOf(settings);
        var runs = (buckets + CheckRunner.RotationBuckets - 1) / CheckRunner.RotationBuckets;
        return Results.Json(
            new
            {
                status = last?.Status ?? "never",
                error = last?.Error,
                at = good?.StartedAt,
                age_seconds = good is null ? (double?)null : Math.Round((clock.GetUtcNow().UtcDateTime - good.StartedAt).TotalSeconds, 1),
                last_verdict = good?.Status,
                last_run = last is null ? null : Shape(last),
                differences = open.GroupBy(difference => difference.Class).ToDictionary(found => found.Key, found => found.Count()),
                detail = good?.Detail is { } detail ? JsonSerializer.Deserialize<JsonElement>(detail) : (JsonElement?)null,
                rotation = new
                {
                    buckets,
                    per_run = CheckRunner.RotationBuckets,
                    runs,
                    seconds = interval > TimeSpan.Zero ? runs * interval.TotalSeconds : (double?)null,
                    oldest = oldest == DateTime.UnixEpoch ? null : oldest,
                },
            }
        );
    }

    private static async Task<IResult> History(
        IDbContextFactory<ConsistencyDb> contexts,
        int? limit,
        long? cursor,
        CancellationToken cancellationToken
    )
    {
        var count = Math.Clamp(limit ?? 100, 1, MostRuns);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await db
            .Runs.AsNoTracking()
            .Where(run => cursor == null || run.Id < cursor)
            .OrderByDescending(run => run.Id)
            .Take(count)
            .ToListAsync(cancellationToken);
        return Results.Json(new { items = runs.ConvertAll(Shape), next_cursor = runs.Count == count ? runs[^1].Id : (long?)null });
    }

    private static object Shape(CheckRun run) =>
        new
        {
            id = run.Id,
            kind = run.Kind,
            started_at = run.StartedAt,
            milliseconds = run.Milliseconds,
            status = run.Status,
            error = run.Error,
        };

    private static IResult Unavailable(string message) =>
        Replies.Message(StatusCodes.Status503ServiceUnavailable, message, TimeSpan.FromSeconds(5));
}
