using Contracts;
using Contracts.Http;
using ServiceDefaults;

namespace Analyzer.Events;

internal static class EventEndpoints
{
    public static void AddEventTrace(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Neighbours>();
        builder.Services.AddSingleton<EventTrace>();
    }

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/events/{trace_id}", Find)
            .WithTags("Events")
            .WithSummary("Where the event with a trace id has come")
            .WithDescription(
                "All stations with their times: accepted, relayed, topic, indexed, stored, counted, verdict, anomalies. The other services are asked "
                    + "for theirs; one that does not answer in time is named, and its station is unreachable. Of several types that hold the same "
                    + "trace id the first in the catalog's order, unless type names one. 503: nobody has it, and not everybody could be asked."
            )
            .Produces<EventReport>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<MessageDocument>(StatusCodes.Status404NotFound)
            .Produces<MessageDocument>(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Find(string trace_id, string? type, EventTrace trace, CancellationToken cancellationToken) =>
        type is not null && EventCatalog.Find(type) is null
            ? Replies.Problem(
                StatusCodes.Status400BadRequest,
                $"The parameter type is '{type}'; it must be one of {string.Join(", ", EventCatalog.All)}."
            )
            : await trace.FindAsync(trace_id, type, cancellationToken);
}
