using Anomalies.Detecting;
using Anomalies.Persistence;
using Anomalies.Records;
using ServiceDefaults;

namespace Anomalies;

/// <summary>Lets every event of the topic through the detectors and answers what they found.</summary>
internal static class AnomaliesService
{
    public static WebApplication Build(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(args);
        builder.AddServiceDefaults(ServiceIdentity.Anomalies);
        var database = builder.AddServiceDatabase<AnomaliesDb>(ServiceIdentity.Anomalies, "SELECT 1 FROM anomaly_head LIMIT 0");
        builder.AddDetecting(database);
        builder.AddRecords();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapInboxProgress();
        app.MapAnomaliesOfEvents();
        var systems = app.Services.GetRequiredService<EnabledSystems>();
        if (systems.RealEstate)
            app.MapAnomalies(systems);
        if (systems.Runify)
            app.MapNewestFirst(systems);
        return app;
    }
}
