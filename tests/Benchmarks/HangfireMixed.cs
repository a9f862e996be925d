using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.MySql;
using Hangfire.States;
using Hangfire.Storage;

namespace Benchmarks;

/// <summary>
/// Everything at once for a time: two servers on one storage, clients that enqueue, schedule, chain and delete, recurring jobs, a dashboard
/// that is looked at, expiry and sums every second. No deadlock may come of it, and no job may be lost.
/// </summary>
internal sealed class HangfireMixed(JobDatabase database, Report report, TimeSpan time)
{
    private static int _ran;
    private int _accepted;

    public async Task MeasureAsync()
    {
        var connectionString = await database.Server.NewDatabaseAsync("mixed");
        using var first = Storage(connectionString);
        using var second = Storage(connectionString);
        var deadlocks = database.Deadlocks();
        using var stop = new CancellationTokenSource(time);
        var clock = Stopwatch.StartNew();
        var errors = new List<Exception>();
        using (Serve(first))
        using (Serve(second))
        {
            var recurring = new RecurringJobManager(first);
            for (var number = 0; number < 5; number++)
                recurring.AddOrUpdate($"every second {number}", () => Run(), "* * * * * *");
            var all = new List<Thread>();
            for (var number = 0; number < 4; number++)
            {
                var client = new BackgroundJobClient(number % 2 == 0 ? first : second);
                all.Add(new Thread(() => Clients(client, errors, stop.Token)));
            }
            all.Add(new Thread(() => Looks(second, errors, stop.Token)));
            all.ForEach(thread => thread.Start());
            all.ForEach(thread => thread.Join());
            var monitoring = first.GetMonitoringApi();
            recurring.RemoveIfExists("every second 0");
            for (var number = 1; number < 5; number++)
                recurring.RemoveIfExists($"every second {number}");
            var patience = Stopwatch.StartNew();
            while (Open(monitoring) > 0 && patience.Elapsed < TimeSpan.FromMinutes(3))
                Thread.Sleep(200);
            var found = database.Deadlocks() - deadlocks;
            var notes = string.Create(
                CultureInfo.InvariantCulture,
                $"{_accepted:#,0} jobs by clients, {_ran:#,0} runs, {(_ran / clock.Elapsed.TotalSeconds):0} /s, {errors.Count} errors{(errors.Count > 0 ? ": " + errors[0].Message : "")}"
            );
            report.Add(
                new Line(
                    string.Create(CultureInfo.InvariantCulture, $"hangfire, deadlocks in {time.TotalMinutes:0.#} min of mixed load"),
                    found,
                    "",
                    null,
                    null,
                    "0",
                    found == 0 && errors.Count == 0,
                    notes
                )
            );
            report.Add(new Line("hangfire, jobs that did not end after it", Open(monitoring), "", null, null, "0", Open(monitoring) == 0));
        }
    }

    /// <summary>What a job does.</summary>
    public static void Run() => Interlocked.Increment(ref _ran);

    private static long Open(IMonitoringApi monitoring)
    {
        var now = monitoring.GetStatistics();
        return now.Enqueued + now.Processing + now.Scheduled + now.Failed + (now.Awaiting ?? 0);
    }

    private static MySqlStorage Storage(string connectionString) =>
        new(
            connectionString,
            new MySqlStorageOptions
            {
                JobExpirationCheckInterval = TimeSpan.FromSeconds(1),
                CountersAggregateInterval = TimeSpan.FromSeconds(1),
                InactiveStateExpirationTimeout = TimeSpan.FromSeconds(5),
            }
        )
        {
            JobExpirationTimeout = TimeSpan.FromSeconds(10),
        };

    private static BackgroundJobServer Serve(JobStorage storage) =>
        new(
            new BackgroundJobServerOptions
            {
                WorkerCount = 10,
                Queues = ["critical", "default"],
                SchedulePollingInterval = TimeSpan.FromSeconds(1),
                HeartbeatInterval = TimeSpan.FromSeconds(1),
            },
            storage
        );

    private void Clients(BackgroundJobClient client, List<Exception> errors, CancellationToken stop)
    {
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            try
            {
                var id = (turn % 4) switch
                {
                    0 => client.Schedule(() => Run(), TimeSpan.FromSeconds(2)),
                    1 => client.Create(() => Run(), new EnqueuedState("critical")),
                    _ => client.Enqueue(() => Run()),
                };
                Interlocked.Increment(ref _accepted);
                if (turn % 5 == 0)
                {
                    client.ContinueJobWith(id, () => Run());
                    Interlocked.Increment(ref _accepted);
                }
                if (turn % 7 == 0)
                    client.Delete(id);
            }
            catch (Exception failure)
            {
                lock (errors)
                    errors.Add(failure);
            }
            // The servers keep up with what comes: this is about locks, not about a backlog.
            stop.WaitHandle.WaitOne(20);
        }
    }

    private static void Looks(JobStorage storage, List<Exception> errors, CancellationToken stop)
    {
        var monitoring = (JobStorageMonitor)storage.GetMonitoringApi();
        while (!stop.WaitHandle.WaitOne(500))
        {
            try
            {
                monitoring.GetStatistics();
                monitoring.Queues();
                monitoring.SucceededJobs(0, 20);
                monitoring.ProcessingJobs(0, 20);
                monitoring.ScheduledJobs(0, 20);
                monitoring.HourlySucceededJobs();
            }
            catch (Exception failure)
            {
                lock (errors)
                    errors.Add(failure);
            }
        }
    }
}
