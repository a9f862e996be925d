using Contracts.Http;
using Microsoft.Net.Http.Headers;
using ServiceDefaults;

namespace Consistency.Status;

/// <summary>Runify's check: how its four services are.</summary>
internal static class StatusEndpoints
{
    public static void AddStatus(this WebApplicationBuilder builder, EnabledSystems systems)
    {
        if (!systems.Runify)
            return;
        var settings = builder.Configuration;
        // How long to wait is for each call to say.
        builder
            .Services.AddHttpClient(
                StatusRound.Client,
                http =>
                {
                    http.Timeout = Timeout.InfiniteTimeSpan;
                    http.MaxResponseContentBufferSize = 64 * 1024;
                }
            )
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        builder.Services.AddSingleton(new StatusFile(DocumentFile.At(FileOf(settings, systems))));
        builder.Services.AddSingleton<StatusRound>();
        builder.Services.AddSingleton<StatusRounds>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<StatusRounds>());
    }

    public static void MapStatus(this IEndpointRouteBuilder routes, EnabledSystems systems)
    {
        if (!systems.Runify)
            return;
        routes
            .MapGet("/check", Status)
            .UnderBasePath(ServiceIdentity.Consistency.RunifyBasePath!, BasePathRouting.None)
            .WithTags("Status")
            .WithSummary("What the four services of Runify said when they were asked last; Last-Modified says when that was")
            .Produces<PlatformStatus>()
            .Produces<MessageDocument>(StatusCodes.Status404NotFound);
    }

    private static IResult Status(StatusRounds rounds, HttpResponse response)
    {
        if (rounds.Latest is not { } latest)
            return Replies.Message(StatusCodes.Status404NotFound, "Status not found");
        response.Headers[HeaderNames.LastModified] = latest.At.ToString("R");
        response.Headers[HeaderNames.CacheControl] = "no-cache";
        return Results.Ok(latest.Status);
    }

    // In Runify's own check the file has the ordinary name; where the comparison has it too, another.
    private static string FileOf(IConfiguration settings, EnabledSystems systems) =>
        Settings.CheckFilename.Read(settings)
        ?? (systems.RealEstate ? null : Settings.DatastoreFilename.Read(settings))
        ?? Path.Combine("data", "check", "data.json");
}
