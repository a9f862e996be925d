using System.Text.Json;
using System.Text.Json.Serialization;
using Contracts;
using Microsoft.OpenApi;
using ServiceDefaults;

namespace Analyzer.Reading;

/// <summary>The two routes that every type of the real-estate system has.</summary>
internal static class SiteRoutes
{
    private const string Paging =
        "Without limit and after the whole list is streamed. With limit (1 to 10,000) it is a page, and the header X-Next-After says what "
        + "to give as after for the next one, also when the page is empty. With Accept: application/x-ndjson there is one object to a line. 410: the "
        + "database was restored or reset since the cursor was given, start over.";

    public static void MapSiteRoutes(this IEndpointRouteBuilder routes, EventType type, string tag)
    {
        var group = routes.MapGroup($"/site/{type.Name}").WithTags(tag);
        group
            .MapGet("/", (HttpContext context, NthEvent events, string? index) => NthAsync(context, events, type, index))
            .WithSummary($"The event of type {type.Name} at an index")
            .WithDescription(
                "The payload as it stands on the topic, in an array of one. The index counts from 0 in the order in which events were "
                    + "taken from the topic; an index once given stays. 503: there is none yet, and the reader is behind the end of the topic."
            )
            .Produces<Dictionary<string, JsonElement>[]>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<Contracts.Http.MessageDocument>(StatusCodes.Status404NotFound)
            .Produces<Contracts.Http.MessageDocument>(StatusCodes.Status503ServiceUnavailable)
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
            .Produces<EventIds[]>(StatusCodes.Status200OK, "application/json", IdLists.Lines)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task NthAsync(HttpContext context, NthEvent events, EventType type, string? index)
    {
        var (payload, reply) = await events.FindAsync(type, index, context.RequestAborted);
        if (payload is null)
        {
            await reply!.ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = payload.Length + 2;
        await context.Response.Body.WriteAsync((byte[])[(byte)'[', .. payload, (byte)']'], context.RequestAborted);
    }

    /// <summary>What the API document says of an entry of the ids lists.</summary>
    private sealed record EventIds(
        [property: JsonPropertyName("event_id")] long EventId,
        [property: JsonPropertyName("trace_id")] long TraceId
    );
}
