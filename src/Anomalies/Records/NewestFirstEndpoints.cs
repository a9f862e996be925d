using Anomalies.Detecting;
using Contracts;
using Contracts.Http;
using Microsoft.AspNetCore.Mvc;
using ServiceDefaults;

namespace Anomalies.Records;

/// <summary>
/// The list as Runify has it: newest first, with times, by kind. With both systems on, the short path at the real-estate port has the
/// anomalies of both in this shape, since there the two contracts meet.
/// </summary>
internal static class NewestFirstEndpoints
{
    private const string NoneEver = "Statistics do not exist";

    // Not the list that is oldest first: a cursor goes the other way.
    private const ushort NewestFirst = 1;

    private static readonly EventType[] Runify = [.. EventCatalog.All.Where(type => type.System == EventSystem.Runify)];

    public static void MapNewestFirst(this IEndpointRouteBuilder routes, EnabledSystems systems)
    {
        var prefix = ServiceIdentity.Anomalies.RunifyBasePath!;
        if (!systems.RealEstate)
        {
            Describe(routes.MapGet("/anomalies", OfRunify)).UnderBasePath(prefix, BasePathRouting.None);
            return;
        }
        Describe(routes.MapGet("/anomalies", OfRunify)).UnderBasePath(prefix, BasePathRouting.None).OnListener(ServiceListener.Runify);
        Describe(routes.MapGet("/anomalies", OfRunify)).UnderBasePath(prefix).OnListener(ServiceListener.Main).ExcludeFromDescription();
        Describe(routes.MapGet("/anomalies", Both)).UnderBasePath(BasePathRouting.None).OnListener(ServiceListener.Main);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route) =>
        route
            .WithTags("Anomalies")
            .WithSummary("What was found, newest first")
            .WithDescription(
                "404: nothing was ever found. Without limit and after the whole list is streamed. With limit (1 to 10,000) it is a page, and the "
                    + "header X-Next-After says what to give as after for the next one, which has older anomalies."
            )
            .Produces<TimedAnomalyRecord[]>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<MessageDocument>(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static Task<IResult> OfRunify(
        HttpContext context,
        AnomalyStore store,
        [FromQuery(Name = "anomaly_type")] string? anomalyType,
        int? limit,
        string? after
    ) => List(context, store, Runify, anomalyType, limit, after);

    private static Task<IResult> Both(
        HttpContext context,
        AnomalyStore store,
        [FromQuery(Name = "event_type")] string? eventType,
        [FromQuery(Name = "anomaly_type")] string? anomalyType,
        int? limit,
        string? after
    )
    {
        EventType[] types = eventType is null ? [.. EventCatalog.All] : [.. EventCatalog.All.Where(type => type.Name == eventType)];
        return types.Length == 0
            ? Task.FromResult(
                Replies.Problem(
                    StatusCodes.Status400BadRequest,
                    $"The parameter event_type is '{eventType}'; it must be one of {string.Join(", ", EventCatalog.All)}."
                )
            )
            : List(context, store, types, anomalyType, limit, after);
    }

    private static async Task<IResult> List(
        HttpContext context,
        AnomalyStore store,
        EventType[] types,
        string? anomalyType,
        int? limit,
        string? after
    )
    {
        var kinds = Detectors.All.Where(detector => types.Contains(detector.Type)).Select(detector => detector.AnomalyType).Distinct();
        if (anomalyType is not null && !kinds.Contains(anomalyType))
            return Replies.Problem(
                StatusCodes.Status400BadRequest,
                $"The parameter anomaly_type is '{anomalyType}'; it must be one of {string.Join(", ", kinds)}."
            );
        Paging.CheckLimit(limit);
        var cursor = PositionCursor.Read(after, NewestFirst);
        var cancellationToken = context.RequestAborted;
        if (cursor.Position >= 0 && AnomalyList.IdentityOf(await store.IdAtAsync(cursor.Position, cancellationToken)) != cursor.Identity)
            throw PositionCursor.Gone();
        var before = cursor.Position >= 0 ? cursor.Position : long.MaxValue;
        var isPage = limit is not null || after is not null;
        var size = isPage ? limit ?? Paging.DefaultLimit : AnomalyList.RowsPerPiece;
        var first = await store.NewestAsync(types, anomalyType, before, size, cancellationToken);
        if (first.Count == 0 && cursor.Position < 0 && !await store.AnyAsync(types, cancellationToken))
            return Replies.Message(StatusCodes.Status404NotFound, NoneEver);
        if (!isPage)
            return await AnomalyList.StreamAsync(
                context,
                first,
                last => store.NewestAsync(types, anomalyType, last, AnomalyList.RowsPerPiece, cancellationToken)
            );
        var next = first.Count == 0 ? cursor : new PositionCursor(NewestFirst, first[^1].No, AnomalyList.IdentityOf(first[^1].Id));
        context.Response.Headers[Paging.NextAfterHeader] = next.ToString();
        return Results.Ok(first.Select(found => found.Record));
    }
}
