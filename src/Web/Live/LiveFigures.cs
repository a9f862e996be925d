using System.Globalization;
using System.Text.Json;
using ServiceDefaults;

namespace Web.Live;

/// <summary>The dashboard's own figures: the samples so far, and a stream of those to come.</summary>
internal static class LiveFigures
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void AddLiveFigures(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SampleHistory>();
        builder.Services.AddSingleton<ServiceStates>();
        builder.Services.AddSingleton<UpstreamFigures>();
        builder.Services.AddHostedService<Sampler>();
    }

    public static void MapLiveFigures(this WebApplication app)
    {
        var dashboard = app.MapGroup("/dashboard").WithTags("Dashboard");
        dashboard.MapGet("/figures", Figures).WithSummary("How many events each station has seen, and how each service is");
        dashboard
            .MapGet("/live", Live)
            .WithSummary("The same as a stream of server-sent events, `sample` and `services`, from `after` or `Last-Event-ID` on");
    }

    private static IResult Figures(long? after, SampleHistory history, ServiceStates states, HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        return Results.Json(new { samples = history.After(after ?? 0).Samples, services = states.Latest });
    }

    private static async Task Live(
        long? after,
        HttpContext context,
        SampleHistory history,
        ServiceStates states,
        IHostApplicationLifetime lifetime
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var last = LastEventId(context.Request) ?? after ?? 0;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // For proxies that collect replies before they pass them on.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        IReadOnlyList<ServiceReport>? told = null;
        try
        {
            while (!ending.IsCancellationRequested)
            {
                var (samples, next) = history.After(last);
                if (states.Latest is var services && (told is null || !told.SequenceEqual(services)))
                {
                    told = services;
                    await context.Response.WriteAsync($"event: services\ndata: {JsonSerializer.Serialize(services)}\n\n", ending.Token);
                }
                foreach (var sample in samples)
                {
                    last = sample.Id;
                    await context.Response.WriteAsync(
                        $"id: {sample.Id}\nevent: sample\ndata: {JsonSerializer.Serialize(sample)}\n\n",
                        ending.Token
                    );
                }
                await context.Response.Body.FlushAsync(ending.Token);
                if (await Task.WhenAny(next, Task.Delay(Heartbeat, ending.Token)) != next && !ending.IsCancellationRequested)
                    await context.Response.WriteAsync(": still here\n\n", ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or the gateway stops: either way the stream is over.
        }
    }

    private static long? LastEventId(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
