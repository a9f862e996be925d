using Contracts;
using Processing.Source;
using ServiceDefaults;

namespace Processing.Statistics;

internal static class StatisticsRegistration
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static void AddStatistics(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<StorageClient>();
        builder.Services.AddSingleton<StatisticsStore>();
        builder.Services.AddSingleton(DocumentFile.Of(builder.Configuration, ServiceIdentity.Processing));
        builder.Services.AddSingleton<StatisticsFile>();
        builder.Services.AddSingleton<CycleHealth>();
        builder.Services.AddHealthChecks().AddCheck<CycleHealth>("statistics");
        builder.Services.AddScoped<Recompute>();
        // One job for each system that has types to count.
        foreach (var system in CountedType.All.Select(type => type.Type.System).Distinct())
            builder.AddRecurringJob<UpdateStatistics>(
                $"statistics-{system}",
                Interval,
                job => job.RunAsync(system, CancellationToken.None)
            );
    }
}
