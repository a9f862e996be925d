using System.Diagnostics;
using Hangfire;
using Hangfire.MySql;
using Hangfire.Storage;
using HangfireMySql.Worker;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class EndToEndTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private BackgroundJobClient Client => new(Storage);

    [Fact, Trait("Item", "117"), Trait("Item", "119"), Trait("Item", "120")]
    public async Task A_job_succeeds_is_tried_again_after_a_failure_and_is_followed_by_its_continuation()
    {
        var (key, retried, after) = (Key(), Key(), Key());
        using var server = Serve();
        var id = Client.Enqueue(() => Jobs.Count(key));
        var failing = Client.Enqueue(() => Jobs.FailOnce(retried));
        var continuation = Client.ContinueJobWith(failing, () => Jobs.Count(after));
        foreach (var job in new[] { id, failing, continuation })
            await StateAsync(job, "Succeeded");
        (Jobs.Runs[key], Jobs.Runs[retried], Jobs.Runs[after]).Should().Be((1, 2, 1));
        Monitoring.JobDetails(failing)!.History.Select(state => state.StateName).Should().Contain(["Scheduled", "Failed"]);
        await Eventually.HoldsAsync(() => Count("job_queue") == 0, "the queue is empty");
        Monitoring.GetStatistics().Succeeded.Should().Be(3);
        Count("job", "expire_at IS NULL").Should().Be(0, "what has ended expires");
    }

    [Fact, Trait("Item", "118")]
    public async Task A_scheduled_job_runs_in_its_time()
    {
        var key = Key();
        using var server = Serve();
        var at = DateTime.UtcNow + TimeSpan.FromSeconds(2);
        var id = Client.Schedule(() => Jobs.Count(key), at);
        await StateAsync(id, "Succeeded");
        // Hangfire keeps times in whole seconds.
        Jobs.RunAt[key].Should().BeOnOrAfter(at - TimeSpan.FromSeconds(1)).And.BeBefore(at + Poll + TimeSpan.FromSeconds(2));
    }

    [Fact, Trait("Item", "121")]
    public async Task A_recurring_job_runs_in_its_queue_and_survives_a_restart()
    {
        var key = Key();
        var recurring = new RecurringJobManager(Storage);
        using (Serve(options => options.Queues = ["critical"]))
        {
            recurring.AddOrUpdate("each second", "critical", () => Jobs.Count(key), "* * * * * *");
            await Eventually.HoldsAsync(() => Jobs.Runs.GetValueOrDefault(key) >= 2, "it runs again and again");
        }
        var before = Jobs.Runs[key];
        using (Serve(options => options.Queues = ["critical"]))
            await Eventually.HoldsAsync(() => Jobs.Runs[key] > before, "it goes on after a restart");
        using var connection = Storage.GetConnection();
        connection.GetRecurringJobs().Single().Job.Queue.Should().Be("critical");
        recurring.RemoveIfExists("each second");
        connection.GetRecurringJobs().Should().BeEmpty();
    }

    [Fact, Trait("Item", "122")]
    public async Task A_job_that_is_deleted_while_it_runs_sees_its_cancellation()
    {
        var key = Key();
        using var server = Serve();
        var id = Client.Enqueue(() => Jobs.UntilCancelled(key, CancellationToken.None));
        await Eventually.HoldsAsync(() => Jobs.Runs.ContainsKey(key), "it runs");
        Client.Delete(id).Should().BeTrue();
        await Eventually.HoldsAsync(() => Jobs.Cancelled.ContainsKey(key), "it is cancelled");
        await StateAsync(id, "Deleted");
        await Eventually.HoldsAsync(() => Count("job_queue") == 0, "the queue is empty");
    }

    [Fact, Trait("Item", "123")]
    public async Task A_killed_servers_job_is_run_by_another_within_its_lease()
    {
        NewRuns();
        await using var first = await WorkerAsync("during", lease: 2_000);
        await Eventually.HoldsAsync(() => Monitoring.Servers().Count == 1, "the first server is there");
        var id = Client.Enqueue(() => Jobs.Record(ConnectionString, "killed", 0));
        await first.ExitAsync(TimeSpan.FromSeconds(60));
        first.ExitCode.Should().Be(128 + 9);
        await using var second = await WorkerAsync("never", lease: 2_000);
        await Eventually.HoldsAsync(() => Monitoring.Servers().Count == 2, "the second server is there");
        var clock = Stopwatch.StartNew();
        await StateAsync(id, "Succeeded");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(2 + 3));
        Recorded("killed", "begin").Should().Be(2);
        Recorded("killed", "end").Should().Be(1);
    }

    [Theory]
    [InlineData("claimed", 1)]
    [InlineData("processing", 1)]
    [InlineData("performed", 2)]
    [InlineData("succeeding", 2)]
    public async Task A_server_killed_at_any_step_loses_no_job(string step, int runs)
    {
        NewRuns();
        await using var first = await WorkerAsync(step, lease: 1_500);
        var id = Client.Enqueue(() => Jobs.Record(ConnectionString, step, 0));
        await first.ExitAsync(TimeSpan.FromSeconds(60));
        await using var second = await WorkerAsync("never", lease: 1_500);
        await StateAsync(id, "Succeeded");
        await Eventually.HoldsAsync(() => Count("job_queue") == 0, "the queue is empty");
        Recorded(step, "end").Should().Be(runs, "it is run again only where it had run and nobody could know");
    }

    [Fact]
    public async Task A_job_killed_before_it_is_claimed_waits_for_the_next_server()
    {
        NewRuns();
        await using var first = await WorkerAsync("never", lease: 60_000);
        await Eventually.HoldsAsync(() => Monitoring.Servers().Count == 1, "the server is there");
        await first.KillAsync();
        var id = Client.Enqueue(() => Jobs.Record(ConnectionString, "before", 0));
        await using var second = await WorkerAsync("never", lease: 60_000);
        await StateAsync(id, "Succeeded");
        Recorded("before", "end").Should().Be(1);
    }

    [Fact]
    public async Task A_server_killed_between_the_final_state_and_the_acknowledgement_does_not_run_the_job_twice()
    {
        NewRuns();
        Execute(
            $"CREATE TRIGGER `{Prefix}no_ack` BEFORE DELETE ON `{Prefix}job_queue` FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not now'"
        );
        string id;
        try
        {
            await using var first = await WorkerAsync("never", lease: 2_000, transactionalAcknowledge: false);
            id = Client.Enqueue(() => Jobs.Record(ConnectionString, "unacknowledged", 0));
            await StateAsync(id, "Succeeded");
            await first.KillAsync();
        }
        finally
        {
            Execute($"DROP TRIGGER `{Prefix}no_ack`");
        }
        Count("job_queue").Should().Be(1);
        await using var second = await WorkerAsync("never", lease: 2_000);
        await Eventually.HoldsAsync(() => Count("job_queue") == 0, "the row is taken away");
        Connection().GetStateData(id)!.Name.Should().Be("Succeeded");
        Recorded("unacknowledged", "end").Should().Be(1);
    }

    [Fact]
    public async Task Two_servers_share_the_work_and_a_lightweight_one_keeps_its_leases()
    {
        NewRuns();
        Configure(options => options.SlidingInvisibilityTimeout = TimeSpan.FromSeconds(1));
        await using var other = await WorkerAsync("never", lease: 1_000, workers: 2);
        using var server = Serve(options =>
        {
            options.IsLightweightServer = true;
            options.WorkerCount = 2;
        });
        await Eventually.HoldsAsync(() => Monitoring.Servers().Count == 2, "both are there");
        var ids = Enumerable.Range(0, 4).Select(number => Client.Enqueue(() => Jobs.Record(ConnectionString, $"{number}", 3_000))).ToList();
        foreach (var id in ids)
            await StateAsync(id, "Succeeded");
        Query(
                "SELECT COUNT(*), COUNT(DISTINCT job), COUNT(DISTINCT process) FROM runs WHERE what = 'end'",
                row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))
            )
            .Should()
            .Equal((4, 4, 2));
    }

    private static string Key() => Guid.NewGuid().ToString();

    private BackgroundJobServer Serve(Action<BackgroundJobServerOptions>? configure = null)
    {
        var options = new BackgroundJobServerOptions
        {
            WorkerCount = 4,
            Queues = ["critical", "default"],
            SchedulePollingInterval = Poll,
            CancellationCheckInterval = TimeSpan.FromMilliseconds(300),
            HeartbeatInterval = TimeSpan.FromSeconds(1),
            StopTimeout = TimeSpan.FromSeconds(2),
        };
        configure?.Invoke(options);
        return new BackgroundJobServer(options, Storage);
    }

    private Task<GuardedProcess> WorkerAsync(string dieAt, int lease, bool transactionalAcknowledge = true, int workers = 1) =>
        StartWorkerAsync("server", ConnectionString, Prefix, $"{lease}", $"{workers}", dieAt, transactionalAcknowledge ? "true" : "false");

    private Task StateAsync(string id, string state) =>
        Eventually.HoldsAsync(() => Connection2(id) == state, $"job {id} is {state} (it is {Connection2(id)})", TimeSpan.FromSeconds(60));

    private string? Connection2(string id)
    {
        using var connection = Storage.GetConnection();
        return connection.GetStateData(id)?.Name;
    }

    private long Recorded(string key, string what) =>
        Query($"SELECT COUNT(*) FROM runs WHERE job = '{key}' AND what = '{what}'", row => row.GetInt64(0)).Single();
}

[Collection(OnMariaDb.Name)]
public sealed class EndToEndOnMariaDb(MariaDbFixture fixture) : EndToEndTests(fixture);

[Collection(OnMySql.Name)]
public sealed class EndToEndOnMySql(MySqlFixture fixture) : EndToEndTests(fixture);
