using System.Globalization;
using Consistency.Checks;
using Consistency.Comparing;
using Consistency.Persistence;
using Microsoft.EntityFrameworkCore;
using ServiceDefaults;

namespace Consistency.Differences;

internal static class DifferenceEndpoints
{
    private const int MostItems = 1000;

    public static void MapDifferences(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/v1/differences", List)
            .WithTags("Differences")
            .WithSummary("Differences in the order they were found: state open (default), closed or all; class; cursor")
            .Produces<object>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes
            .MapPost("/v1/differences/{id:long}/close", Close)
            .WithTags("Differences")
            .WithSummary("Closes a difference with a reason; it stays closed as long as it is the same")
            .Produces<object>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        routes
            .MapGet("/v1/events/{trace_id}", Verdict)
            .WithTags("Differences")
            .WithSummary("What is known of one event")
            .Produces<object>()
            .Produces<object>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> List(
        IDbContextFactory<ConsistencyDb> contexts,
        string? state,
        string? @class,
        int? limit,
        long? cursor,
        CancellationToken cancellationToken
    )
    {
        if (state is not (null or "open" or "closed" or "all"))
            return Replies.Problem(StatusCodes.Status400BadRequest, $"The parameter state is '{state}'; it must be open, closed or all.");
        if (@class is not null && !DifferenceClassNames.IsName(@class))
            return Replies.Problem(
                StatusCodes.Status400BadRequest,
                $"The parameter class is '{@class}'; it must be one of {string.Join(", ", DifferenceClassNames.All)}."
            );
        if (limit is < 1 or > MostItems)
            return Replies.Problem(StatusCodes.Status400BadRequest, $"The parameter limit is {limit}; it must be from 1 to {MostItems}.");
        var count = limit ?? 100;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var differences = db.Differences.AsNoTracking().Where(difference => difference.Id > (cursor ?? 0));
        if (state is null or "open")
            differences = differences.Where(difference => difference.ClosedAt == null);
        if (state is "closed")
            differences = differences.Where(difference => difference.ClosedAt != null);
        if (@class is not null)
            differences = differences.Where(difference => difference.Class == @class);
        var items = await differences.OrderBy(difference => difference.Id).Take(count).ToListAsync(cancellationToken);
        return Results.Json(new { items = items.ConvertAll(Shape), next_cursor = items.Count == count ? items[^1].Id : (long?)null });
    }

    private static async Task<IResult> Close(
        long id,
        CloseRequest request,
        IDbContextFactory<ConsistencyDb> contexts,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (request.Reason?.Trim() is not { Length: > 0 and <= 1000 } reason)
            return Replies.Problem(StatusCodes.Status400BadRequest, "'reason' is required: 1 to 1000 characters.");
        var by = request.By?.Trim() is { Length: > 0 } named ? named : "operator";
        if (by.Length > 100 || by == CheckStore.ByCheck)
            return Replies.Problem(
                StatusCodes.Status400BadRequest,
                $"'by' must be at most 100 characters, and not '{CheckStore.ByCheck}'."
            );
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Differences.FindAsync([id], cancellationToken) is not { } difference)
            return Replies.Problem(StatusCodes.Status404NotFound, $"There is no difference {id}.");
        if (difference.ClosedAt is { } closed)
            return Replies.Problem(
                StatusCodes.Status409Conflict,
                string.Create(CultureInfo.InvariantCulture, $"It was closed by {difference.ClosedBy} at {closed:yyyy-MM-ddTHH:mm:ssZ}.")
            );
        (difference.ClosedAt, difference.ClosedBy, difference.Reason) = (clock.GetUtcNow().UtcDateTime, by, reason);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Json(Shape(difference));
    }

    private static async Task<IResult> Verdict(string trace_id, EventVerdict verdicts, CancellationToken cancellationToken)
    {
        try
        {
            var verdict = await verdicts.ReadAsync(trace_id, cancellationToken);
            return Results.Json(
                new
                {
                    verdict = verdict.Name,
                    at = verdict.At,
                    since = verdict.Since,
                }
            );
        }
        catch (SideException failure)
        {
            return Replies.Message(StatusCodes.Status503ServiceUnavailable, failure.Message, TimeSpan.FromSeconds(5));
        }
    }

    private static object Shape(Difference difference) =>
        new
        {
            id = difference.Id,
            trace_id = difference.TraceId,
            @class = difference.Class,
            type = difference.Type,
            event_id = difference.EventId,
            partition = difference.PartitionNo,
            // As text: it does not fit the numbers of every reader.
            seq = difference.Seq?.ToString(CultureInfo.InvariantCulture),
            first_seen = difference.FirstSeen,
            last_seen = difference.LastSeen,
            closed_at = difference.ClosedAt,
            closed_by = difference.ClosedBy,
            reason = difference.Reason,
        };

    private sealed record CloseRequest(string? Reason, string? By);
}
