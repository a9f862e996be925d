using Consistency.Comparing;
using Consistency.Sides;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults;

namespace Consistency.Checks;

internal static class ChecksRegistration
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    /// <summary>The time between two recurring runs; zero where there are only those that are asked for.</summary>
    public static TimeSpan IntervalOf(IConfiguration settings) => Settings.SchedulerInterval.Read(settings) ?? Interval;

    public static void AddChecks(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        var services = builder.Services;
        services.AddHttpClient("sides", http => http.Timeout = AnswerWithin);
        var storageUrl = Settings.StorageUrl.Read(settings);
        var queueUrl = Settings.AnalyzerUrl.Read(settings);
        services.AddTransient(provider => new SidePair(
            new HttpSide(Client(provider), "Storage", storageUrl),
            new HttpSide(Client(provider), "The Analyzer", queueUrl)
        ));
        services.AddTransient<ILogSide>(provider => new HttpLog(Client(provider), Settings.ReceiverUrl.Read(settings)));
        services.AddTransient(provider => new ProcessingCounts(
            Client(provider),
            Settings.ProcessingUrl.Read(settings),
            provider.GetRequiredService<EnabledSystems>()
        ));
        services.AddTransient(provider =>
        {
            var sides = provider.GetRequiredService<SidePair>();
            return new Comparison(
                sides.Storage,
                sides.Queue,
                provider.GetRequiredService<ILogSide>(),
                provider.GetRequiredService<TimeProvider>()
            );
        });
        services.AddTransient(provider =>
        {
            var sides = provider.GetRequiredService<SidePair>();
            return new Recomputation(
                sides.Storage,
                sides.Queue,
                provider.GetRequiredService<Comparison>(),
                provider.GetRequiredService<CheckStore>(),
                provider.GetRequiredService<TimeProvider>()
            );
        });
        services.AddSingleton<CheckStore>();
        // With Runify alone the setting names the file of that system's check.
        services.AddSingleton(
            Settings.Systems.Read(settings).RealEstate
                ? DocumentFile.Of(settings, ServiceIdentity.Consistency)
                : DocumentFile.At(Path.Combine("data", ServiceIdentity.Consistency.Name, "data.json"))
        );
        services.AddTransient<CheckRunner>();
        services.AddTransient<Differences.EventVerdict>();
        services.AddHealthChecks().AddCheck<VerdictHealth>(VerdictHealth.Name, HealthStatus.Degraded);
        builder.AddRecurringJob<CheckJob>("consistency", Interval, job => job.RunAsync());
    }

    private static HttpClient Client(IServiceProvider provider) => provider.GetRequiredService<IHttpClientFactory>().CreateClient("sides");
}

/// <summary>Both readers.</summary>
internal sealed record SidePair(ISide Storage, ISide Queue);
