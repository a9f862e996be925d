using Contracts;
using Processing.Source;
using ServiceDefaults;

namespace Processing.Statistics;

internal static class StatisticsRegistration
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RunifyInterval = TimeSpan.FromSeconds(30);

    public static void AddStatistics(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<StorageClient>();
        builder.Services.AddSingleton<StatisticsStore>();
        builder.Services.AddSingleton(DocumentFile.Of(builder.Configuration, ServiceIdentity.Processing));
        builder.Services.AddSingleton<StatisticsFile>();
        builder.Services.AddSingleton<CycleHealth>();
        builder.Services.AddHealthChecks().AddCheck<CycleHealth>("statistics");
        builder.Services.AddScoped<Recompute>();
        // One job for each system that is on; with both, one document shows them, and neither shall make it old.
        var systems = Settings.Systems.Read(builder.Configuration);
        foreach (var system in CountedType.All.Select(type => type.Type.System).Distinct().Where(systems.Has))
            builder.AddRecurringJob<UpdateStatistics>(
                $"statistics-{system}",
                systems.RealEstate ? Interval : RunifyInterval,
                job => job.RunAsync(system, CancellationToken.None)
            );
    }
}
