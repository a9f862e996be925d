using Consistency.Checks;
using Consistency.Differences;
using Consistency.Persistence;
using Consistency.Status;
using ServiceDefaults;

namespace Consistency;

/// <summary>Compares log, topic and tables by digests, and names every difference.</summary>
internal static class ConsistencyService
{
    public static WebApplication Build(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(args);
        builder.AddServiceDefaults(ServiceIdentity.Consistency);
        builder.AddServiceDatabase<ConsistencyDb>(
            ServiceIdentity.Consistency,
            "SELECT 1 FROM difference, book, partition_state, check_run LIMIT 0"
        );
        builder.AddJobs();
        builder.AddChecks();
        var systems = Settings.Systems.Read(builder.Configuration);
        builder.AddStatus(systems);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapChecks();
        app.MapDifferences();
        app.MapStatus(systems);
        app.MapJobs();
        return app;
    }
}
