using Contracts;
using Contracts.Http;
using KafkaMySql;
using Microsoft.AspNetCore.Mvc;
using ServiceDefaults;

namespace Anomalies.Records;

internal static class AnomalyEndpoints
{
    private const string NotYet = "The detector has not caught up with the topic yet";

    // One list holds the anomalies of all types; a cursor of it serves every filter.
    private const ushort ListOfAll = 0;

    private static readonly string[] UpdateMethods = ["PUT", "POST"];
    private static readonly EventType[] RealEstate = [.. EventCatalog.All.Where(type => type.System == EventSystem.RealEstate)];

    public static void MapAnomalies(this IEndpointRouteBuilder routes, EnabledSystems systems)
    {
        var list = routes
            .MapGet("/anomalies", List)
            .WithTags("Anomalies")
            .WithSummary("What was found, oldest first")
            .WithDescription(
                "204: nothing was found. 404: the detector has not caught up with the topic for the first time. Without limit and after the "
                    + "whole list is streamed. With limit (1 to 10,000) it is a page, and the header X-Next-After says what to give as after for the next one."
            )
            .Produces<AnomalyRecord[]>()
            .Produces(StatusCodes.Status204NoContent)
            .Produces<MessageDocument>(StatusCodes.Status400BadRequest)
            .Produces<MessageDocument>(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            // With both systems on, the short path is where the two contracts meet: NewestFirstEndpoints has it.
            .UnderBasePath([ServiceIdentity.Anomalies.BasePath, .. systems.Runify ? [] : new[] { BasePathRouting.None }])
            .OnListener(ServiceListener.Main);
        if (systems.Runify)
            list.ExcludeFromDescription();
        routes
            .MapMethods("/update", UpdateMethods, Update)
            .UnderBasePath(ServiceIdentity.Anomalies.BasePath, BasePathRouting.None)
            .OnListener(ServiceListener.Main)
            .WithTags("Anomalies")
            .WithSummary("Waits until everything that is on the topic now was looked at, and says how many anomalies there are")
            .Produces<UpdateReply>(StatusCodes.Status201Created)
            .Produces<MessageDocument>(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Maps what the Analyzer asks for.</summary>
    public static void MapAnomaliesOfEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/events/{trace_id}", OfEvent)
            .WithTags("Anomalies")
            .WithSummary("What was found about one event, and how far the detectors have looked")
            .Produces<EventAnomalies>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> List(
        HttpContext context,
        AnomalyStore store,
        [FromQuery(Name = "event_type")] string? eventType,
        int? limit,
        string? after
    )
    {
        EventType[] types = eventType is null ? RealEstate : [.. RealEstate.Where(type => type.Name == eventType)];
        if (types.Length == 0)
            return Replies.Message(
                StatusCodes.Status400BadRequest,
                $"The event_type '{eventType}' is not known; it must be {string.Join(" or ", RealEstate.Select(type => type.Name))}."
            );
        Paging.CheckLimit(limit);
        var cursor = PositionCursor.Read(after, ListOfAll);
        var cancellationToken = context.RequestAborted;
        if (!await store.IsOpenAsync(cancellationToken))
            return Replies.Message(StatusCodes.Status404NotFound, NotYet);
        if (cursor.Position >= 0 && AnomalyList.IdentityOf(await store.IdAtAsync(cursor.Position, cancellationToken)) != cursor.Identity)
            throw PositionCursor.Gone();

        var isPage = limit is not null || after is not null;
        var size = isPage ? limit ?? Paging.DefaultLimit : AnomalyList.RowsPerPiece;
        var first = await store.ListAsync(types, cursor.Position, size, cancellationToken);
        if (isPage)
        {
            var next = first.Count == 0 ? cursor : new PositionCursor(ListOfAll, first[^1].No, AnomalyList.IdentityOf(first[^1].Id));
            context.Response.Headers[Paging.NextAfterHeader] = next.ToString();
        }
        if (first.Count == 0)
            return Results.NoContent();
        return isPage
            ? Results.Ok(first.Select(found => found.Record))
            : await AnomalyList.StreamAsync(
                context,
                first,
                last => store.ListAsync(types, last, AnomalyList.RowsPerPiece, cancellationToken)
            );
    }

    private static async Task<IResult> Update(
        AnomalyStore store,
        CatchUp reader,
        AnomalyDocument document,
        CancellationToken cancellationToken
    )
    {
        var behind = await reader.WaitAsync(cancellationToken);
        await store.OpenAsync(cancellationToken);
        if (behind is not null)
            return Replies.Message(StatusCodes.Status503ServiceUnavailable, behind, CatchUp.RetryAfter);
        await document.WriteAsync(cancellationToken);
        return Results.Json(
            new UpdateReply(await store.CountAsync(RealEstate, cancellationToken)),
            statusCode: StatusCodes.Status201Created
        );
    }

    private static async Task<EventAnomalies> OfEvent(
        string trace_id,
        AnomalyStore store,
        InboxWriter inbox,
        IInboxProgress progress,
        CancellationToken cancellationToken
    )
    {
        // First how far the detectors have come, then what they found: the other way round something could lie between.
        var written = await progress.ReadAsync(cancellationToken);
        var held = inbox.States.Select(state => state.Figures).Where(figures => figures.Held).ToDictionary(figures => figures.Partition);
        var read = written
            .Partitions.Select(partition => new ReadPartition(
                partition.Partition,
                held.TryGetValue(partition.Partition, out var figures) ? figures.Last : partition.Last
            ))
            .ToList();
        return new EventAnomalies(trace_id, await store.OfEventAsync(trace_id, cancellationToken), read);
    }
}
