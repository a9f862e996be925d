using ServiceDefaults;

namespace Receiver.Health;

/// <summary>Runify's question whether the Receiver is there.</summary>
internal static class LivenessEndpoints
{
    public static void MapLiveness(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<EnabledSystems>().Runify)
            return;
        app.MapGet("/check", () => Results.Ok())
            .WithTags("Operation")
            .WithSummary("The Receiver is there")
            .Produces(StatusCodes.Status200OK)
            .DisableHttpMetrics();
    }
}
