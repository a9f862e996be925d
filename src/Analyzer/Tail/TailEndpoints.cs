using Analyzer.Reading;
using Contracts;
using Contracts.Http;
using Microsoft.AspNetCore.Mvc;
using ServiceDefaults;

namespace Analyzer.Tail;

internal static class TailEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    public static void AddTail(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TailHub>();
        builder.Services.AddSingleton<TailStream>();
    }

    public static void MapTail(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/tail", Follow)
            .WithTags("Events")
            .WithSummary("What the index takes, live, as server-sent events")
            .WithDescription(
                "Unnamed events are events of the index; type filters them. Named ones: start (with the id to come back with), dropped (the client was "
                    + "too far behind: how many of each type it missed), heartbeat, trouble (the database is away), reset (it was restored). "
                    + "With Last-Event-ID the stream goes on behind that event."
            )
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<MessageDocument>(StatusCodes.Status503ServiceUnavailable)
            .DisableHttpMetrics();

    private static async Task<IResult> Follow(
        HttpContext context,
        TailHub hub,
        TailStream stream,
        EventIndex index,
        EnabledSystems systems,
        IHostApplicationLifetime lifetime,
        [FromQuery(Name = "type")] string[]? types,
        [FromHeader(Name = LastEventId)] string? lastEventId
    )
    {
        var followed = Types(types, systems.At(context));
        using var membership = hub.Join();
        if (membership is null)
            return Replies.Message(
                StatusCodes.Status503ServiceUnavailable,
                $"Too many clients follow already ({Settings.AnalyzerTailClients.Name}).",
                TimeSpan.FromSeconds(10)
            );
        // A stream has no end of its own, so the end of the service is one.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var heads = await index.HeadsAsync(ended.Token);
        var position = TailPosition.AtEnd(followed, heads.ToDictionary(head => head.Key, head => head.Value.Next));
        if (lastEventId is not null && !position.TryResume(lastEventId))
            return Replies.Problem(
                StatusCodes.Status400BadRequest,
                $"The header {LastEventId} is '{lastEventId}'; it must be the id of an event of this stream."
            );
        try
        {
            await stream.RunAsync(context.Response, position, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone, or the service stops: a client comes back by itself.
        }
        return Results.Empty;
    }

    private static List<EventType> Types(string[]? names, EnabledSystems systems)
    {
        var offered = systems.Types.ToList();
        var wanted = (names ?? []).SelectMany(name => name.Split(',', StringSplitOptions.TrimEntries)).ToList();
        if (wanted.Find(name => !offered.Exists(type => type.Name == name)) is { } unknown)
            throw new ProblemException(
                StatusCodes.Status400BadRequest,
                $"The parameter type is '{unknown}'; it must be one or more of {string.Join(", ", offered)}, with commas between."
            );
        return wanted.Count == 0 ? offered : [.. offered.Where(type => wanted.Contains(type.Name))];
    }
}
