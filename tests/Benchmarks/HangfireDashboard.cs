using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.MySql;
using Hangfire.Storage;

namespace Benchmarks;

/// <summary>The pages of the dashboard over a million jobs that have ended.</summary>
internal sealed class HangfireDashboard(JobDatabase database, Report report)
{
    private const int Jobs = 1_000_000;
    private const int Looks = 11;

    public async Task MeasureAsync()
    {
        var connectionString = await database.Server.NewDatabaseAsync("dashboard");
        using var storage = new MySqlStorage(connectionString);
        await FillAsync(storage, new MySqlConnector.MySqlConnectionStringBuilder(connectionString).Database);
        var monitoring = (JobStorageMonitor)storage.GetMonitoringApi();
        (string Name, Action Page)[] pages =
        [
            (
                "home",
                () =>
                {
                    // What the page itself asks for, and what its frame shows.
                    monitoring.GetStatistics();
                    monitoring.SucceededByDatesCount();
                    monitoring.FailedByDatesCount();
                    monitoring.DeletedByDatesCount();
                    monitoring.HourlySucceededJobs();
                    monitoring.HourlyFailedJobs();
                    monitoring.HourlyDeletedJobs();
                }
            ),
            (
                "succeeded, first page",
                () =>
                {
                    monitoring.GetStatistics();
                    monitoring.SucceededListCount();
                    monitoring.SucceededJobs(0, 10);
                }
            ),
            (
                "succeeded, page 2,000",
                () =>
                {
                    monitoring.GetStatistics();
                    monitoring.SucceededListCount();
                    monitoring.SucceededJobs(20_000, 10);
                }
            ),
            (
                "queues",
                () =>
                {
                    monitoring.GetStatistics();
                    monitoring.Queues();
                }
            ),
        ];
        foreach (var (name, page) in pages)
        {
            var times = Enumerable.Range(0, Looks).Select(_ => Time(page)).ToList();
            var first = times[0];
            times.Sort();
            report.Add(
                new Line(
                    $"hangfire, dashboard with 1,000,000 jobs: {name}",
                    times[Looks / 2],
                    "ms p50",
                    null,
                    null,
                    "< 300 ms",
                    times[Looks / 2] < 300,
                    string.Create(CultureInfo.InvariantCulture, $"the first {first:0} ms, the slowest {times[^1]:0} ms")
                )
            );
        }
    }

    private async Task FillAsync(MySqlStorage storage, string name)
    {
        var id = new BackgroundJobClient(storage).Enqueue(() => HangfireRates.Note(-1));
        // One real job, copied, so that its texts are as long as they are.
        await database.Server.ExecuteAsync("UPDATE hangfire_job SET state_name = 'Succeeded'; DELETE FROM hangfire_job_queue", name);
        for (var rows = 1; rows < Jobs; rows *= 2)
            await database.Server.ExecuteAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"INSERT INTO hangfire_job (state_id, state_name, invocation_data, arguments, created_at, expire_at) SELECT state_id, state_name, invocation_data, arguments, created_at, expire_at FROM hangfire_job LIMIT {Math.Min(rows, Jobs - rows)}"
                ),
                name
            );
        await database.Server.ExecuteAsync(
            $$"""
            INSERT INTO hangfire_state (job_id, name, created_at, data)
              SELECT id, 'Succeeded', created_at, '{"SucceededAt":"1795480000000","PerformanceDuration":"1","Latency":"12"}' FROM hangfire_job WHERE id <> {{id}};
            UPDATE hangfire_job j JOIN hangfire_state s ON s.job_id = j.id SET j.state_id = s.id;
            INSERT INTO hangfire_aggregated_counter (`key`, value) VALUES ('stats:succeeded', {{Jobs}});
            ANALYZE TABLE hangfire_job, hangfire_state
            """,
            name
        );
        if (database.Number($"SELECT COUNT(*) FROM {name}.hangfire_job j JOIN {name}.hangfire_state s ON s.id = j.state_id") != Jobs)
            throw new InvalidOperationException("The tables do not hold the jobs that are to be shown.");
    }

    private static double Time(Action page)
    {
        var clock = Stopwatch.StartNew();
        page();
        return clock.Elapsed.TotalMilliseconds;
    }
}
