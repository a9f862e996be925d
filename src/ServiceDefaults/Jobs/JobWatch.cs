using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults;

/// <summary>
/// Schedules the recurring jobs, waits for their storage if it must, and schedules them again when the scheduler has given one up: it does
/// so after repeated trouble, and without a word.
/// </summary>
internal sealed class JobWatch(
    IEnumerable<RecurringJob> jobs,
    JobStorage storage,
    IRecurringJobManager manager,
    IConfiguration settings,
    TimeProvider clock,
    ILogger<JobWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private const int PeriodsWithoutRun = 3;

    // A busy machine is late with a job of every second too.
    private static readonly TimeSpan LeastWithoutRun = TimeSpan.FromSeconds(15);

    private readonly HashSet<string> _scheduled = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // As often as the scheduler itself looks: each look asks the database for every job.
        var pause = Settings.SchedulerPolling.Read(settings);
        string? told = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var job in jobs)
                    Look(job);
                told = null;
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // The storage is away. One line per change of state, however long it lasts.
                if (told != failure.Message)
                    logger.JobsNotScheduled(failure.Message);
                told = failure.Message;
                await Task.Delay(AfterFailure, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Look(RecurringJob job)
    {
        using var connection = storage.GetConnection();
        var known = connection.GetRecurringJobs([job.Id]).SingleOrDefault();
        var isNew = _scheduled.Add(job.Id);
        try
        {
            if (known is { Removed: false, NextExecution: { } next } && known.Cron == job.Cron && (isNew || !IsOld(next, job)))
            {
                // Also by an earlier process: its class may have moved since. After a pause of all processes its next run is past, and due.
                if (isNew)
                    job.Schedule(manager);
                return;
            }
            if (!isNew)
                logger.JobScheduledAgain(job.Id);
            // A next run that is only past would be kept.
            manager.RemoveIfExists(job.Id);
            job.Schedule(manager);
        }
        catch
        {
            if (isNew)
                _scheduled.Remove(job.Id);
            throw;
        }
    }

    private bool IsOld(DateTime next, RecurringJob job)
    {
        var late = clock.GetUtcNow().UtcDateTime - next;
        return late > PeriodsWithoutRun * job.Interval && late > LeastWithoutRun;
    }
}
