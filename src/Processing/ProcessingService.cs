using Processing.Persistence;
using Processing.Statistics;
using ServiceDefaults;

namespace Processing;

/// <summary>Counts what Storage has, every few seconds, each event once.</summary>
internal static class ProcessingService
{
    public static WebApplication Build(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(args);
        builder.AddServiceDefaults(ServiceIdentity.Processing);
        builder.AddServiceDatabase<ProcessingDb>(ServiceIdentity.Processing, "SELECT 1 FROM type_statistics, column_statistics LIMIT 0");
        builder.AddJobs();
        builder.AddStatistics();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapStatistics();
        app.MapJobs();
        return app;
    }
}
