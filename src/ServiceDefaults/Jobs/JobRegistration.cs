using System.Linq.Expressions;
using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.MySql;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ServiceDefaults;

/// <summary>A service's recurring jobs, and the page that shows them.</summary>
public static class JobRegistration
{
    private const int Workers = 2;

    /// <summary>
    /// Adds the server that runs jobs, each service's with tables of its own in its own database: a server schedules every recurring job of its
    /// storage, and switches those off whose type it does not know. Several processes of a service share the work. Call it after
    /// <c>AddServiceDatabase</c>.
    /// </summary>
    public static void AddJobs(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        // Registered before Hangfire's own, which are shared by the whole process.
        services.AddSingleton<JobStorage>(provider => new MySqlStorage(
            provider.GetRequiredService<ServiceDatabase>().ConnectionString,
            StorageOptions(builder.Configuration)
        ));
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton<IJobFilterProvider>(Filters());
        services.AddHangfire(hangfire =>
            hangfire
                .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
                .UseSimpleAssemblyNameTypeSerializer()
                .UseRecommendedSerializerSettings()
        );
        services.AddHangfireServer(
            (_, options) =>
            {
                options.WorkerCount = Workers;
                options.SchedulePollingInterval = Settings.SchedulerPolling.Read(builder.Configuration);
                options.StopTimeout = TimeSpan.FromSeconds(5);
            }
        );
        services.AddHostedService<JobWatch>();
    }

    /// <summary>Runs a job every <paramref name="interval"/>, unless <c>scheduler:interval</c> says otherwise; with 0 it does not run by itself.</summary>
    public static void AddRecurringJob<TJob>(
        this WebApplicationBuilder builder,
        string id,
        TimeSpan interval,
        Expression<Func<TJob, Task>> run
    )
        where TJob : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddScoped<TJob>();
        var every = Settings.SchedulerInterval.Read(builder.Configuration) ?? interval;
        if (every > TimeSpan.Zero)
            builder.Services.AddSingleton(RecurringJob.Of(id, every, run));
    }

    /// <summary>Maps <c>/hangfire</c>, the page of the jobs. It finds its own address, so it works behind a gateway that keeps the prefix.</summary>
    public static void MapJobs(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var access = new JobPageAccess(Settings.HangfireRemote.Read(app.Configuration), Settings.HangfirePassword.Read(app.Configuration));
        app.MapHangfireDashboard(
                "/hangfire",
                new DashboardOptions
                {
                    Authorization = [access],
                    IsReadOnlyFunc = access.IsReadOnly,
                    AppPath = null,
                    DashboardTitle = "Jobs",
                    DisplayStorageConnectionString = false,
                }
            )
            .AcceptsAnyQuery();
    }

    private static MySqlStorageOptions StorageOptions(IConfiguration settings) =>
        new()
        {
            // What this process schedules it sees at once; this is for jobs of others.
            QueuePollInterval = Settings.SchedulerPolling.Read(settings),
            SlidingInvisibilityTimeout = Settings.HangfireLease.Read(settings),
            JobExpirationCheckInterval = TimeSpan.FromMinutes(10),
        };

    private static JobFilterProviderCollection Filters() =>
        new(
            new JobFilterCollection
            {
                // The next run comes soon and does the same. Failed runs go as well; otherwise a long outage would pile them up for good.
                new AutomaticRetryAttribute { Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete },
                new StatisticsHistoryAttribute(),
                new JobExpiration(TimeSpan.FromHours(1)),
            },
            new JobFilterAttributeFilterProvider()
        );
}
