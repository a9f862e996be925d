using System.Text.Json;
using Contracts;
using Contracts.Http;
using Microsoft.OpenApi;
using ServiceDefaults;

namespace Analyzer.Reading;

/// <summary>The two routes that every type has: its n-th event, and all its ids.</summary>
internal static class EventRoutes
{
    private const string Paging =
        "Without limit and after the whole list is streamed. With limit (1 to 10,000) it is a page, and the header X-Next-After says what "
        + "to give as after for the next one, also when the page is empty. With Accept: application/x-ndjson there is one object to a line. 410: the "
        + "database was restored or reset since the cursor was given, start over.";

    /// <summary>As the real-estate system has them: the event in an array of one.</summary>
    public static void MapSiteRoutes(this IEndpointRouteBuilder routes, EventType type, string tag) =>
        routes.MapEventRoutes(type, tag, $"/site/{type.Name}", NthReply.InArray);

    /// <summary>As Runify has them: the event itself.</summary>
    public static void MapRunifyRoutes(this IEndpointRouteBuilder routes, EventType type, string tag, string path) =>
        routes.MapEventRoutes(type, tag, path, NthReply.Alone);

    private static void MapEventRoutes(this IEndpointRouteBuilder routes, EventType type, string tag, string path, NthReply shape)
    {
        var group = routes.MapGroup(path).WithTags(tag);
        group
            .MapGet("/", (HttpContext context, NthEvent events, string? index) => NthAsync(context, events, type, shape, index))
            .WithSummary($"The event of type {type.Name} at an index")
            .WithDescription(
                $"The payload as it stands on the topic{(shape.IsArray ? ", in an array of one" : "")}. The index counts from 0 in the order in "
                    + "which events were taken from the topic; an index once given stays. 503: there is none yet, and the reader is behind the end of the topic."
            )
            .Produces(StatusCodes.Status200OK, shape.Documented)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<MessageDocument>(StatusCodes.Status404NotFound)
            .Produces<MessageDocument>(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    if (
                        operation.Parameters?.OfType<OpenApiParameter>().FirstOrDefault(parameter => parameter.Name == "index") is { } index
                    )
                    {
                        index.Required = true;
                        index.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer };
                    }
                    return Task.CompletedTask;
                }
            );
        group
            .MapGet("/ids", (HttpContext context, IdLists ids, int? limit, string? after) => ids.WriteAsync(context, type, limit, after))
            .WithSummary($"The ids of all events of type {type.Name}, in the order of the index")
            .WithDescription(Paging)
            .Produces<Dictionary<string, JsonElement>[]>(StatusCodes.Status200OK, "application/json", IdLists.Lines)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task NthAsync(HttpContext context, NthEvent events, EventType type, NthReply shape, string? index)
    {
        var (payload, reply) = await events.FindAsync(type, index, shape, context.RequestAborted);
        if (payload is null)
        {
            await reply!.ExecuteAsync(context);
            return;
        }
        var body = shape.IsArray ? [(byte)'[', .. payload, (byte)']'] : payload;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
