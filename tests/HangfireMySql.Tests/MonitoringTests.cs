using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.MySql;
using Hangfire.States;
using Hangfire.Storage;
using HangfireMySql.Worker;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class MonitoringTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    [Fact, Trait("Item", "100"), Trait("Item", "109")]
    public void An_empty_storage_shows_nothing()
    {
        var monitoring = Monitoring;
        monitoring.Queues().Should().BeEmpty();
        monitoring.Servers().Should().BeEmpty();
        monitoring.JobDetails("1").Should().BeNull();
        monitoring.EnqueuedJobs("default", 0, 10).Should().BeEmpty();
        monitoring.FetchedJobs("default", 0, 10).Should().BeEmpty();
        monitoring.ProcessingJobs(0, 10).Should().BeEmpty();
        monitoring.ScheduledJobs(0, 10).Should().BeEmpty();
        monitoring.SucceededJobs(0, 10).Should().BeEmpty();
        monitoring.FailedJobs(0, 10).Should().BeEmpty();
        monitoring.DeletedJobs(0, 10).Should().BeEmpty();
        monitoring.AwaitingJobs(0, 10).Should().BeEmpty();
        long[] counts =
        [
            monitoring.EnqueuedCount("default"),
            monitoring.FetchedCount("default"),
            monitoring.ProcessingCount(),
            monitoring.ScheduledCount(),
            monitoring.SucceededListCount(),
            monitoring.FailedCount(),
            monitoring.DeletedListCount(),
            monitoring.AwaitingCount(),
        ];
        counts.Should().AllSatisfy(count => count.Should().Be(0));
        foreach (
            var days in new[] { monitoring.SucceededByDatesCount(), monitoring.FailedByDatesCount(), monitoring.DeletedByDatesCount() }
        )
            days.Values.Should().HaveCount(7).And.OnlyContain(count => count == 0);
        foreach (var hours in new[] { monitoring.HourlySucceededJobs(), monitoring.HourlyFailedJobs(), monitoring.HourlyDeletedJobs() })
            hours.Values.Should().HaveCount(24).And.OnlyContain(count => count == 0);
        var statistics = monitoring.GetStatistics();
        (
            statistics.Enqueued
            + statistics.Failed
            + statistics.Processing
            + statistics.Scheduled
            + statistics.Succeeded
            + statistics.Deleted
            + statistics.Servers
            + statistics.Queues
            + statistics.Recurring
            + statistics.Retries
            + statistics.Awaiting
        )
            .Should()
            .Be(0);
    }

    [Fact, Trait("Item", "101")]
    public void Queues_are_sorted_with_their_first_jobs_and_each_row_counts_once()
    {
        var ids = Enumerable.Range(0, 7).Select(_ => Enqueued("b")).ToList();
        Enqueued("a");
        using var first = Fetch("b");
        var queues = Monitoring.Queues();
        queues.Select(queue => (queue.Name, queue.Length, queue.Fetched)).Should().Equal(("a", 1, 0L), ("b", 6, 1L));
        queues[1].FirstJobs.Select(job => job.Key).Should().Equal(ids.Skip(1).Take(5));
        Monitoring.EnqueuedCount("b").Should().Be(6);
        Monitoring.FetchedCount("b").Should().Be(1);
        Monitoring.FetchedJobs("b", 0, 10).Should().ContainSingle().Which.Key.Should().Be(ids[0]);
        Monitoring.FetchedJobs("b", 0, 10)[0].Value.FetchedAt.Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromSeconds(10));
        Monitoring.EnqueuedJobs("b", 2, 2).Select(job => job.Key).Should().Equal(ids[3], ids[4]);
    }

    [Fact, Trait("Item", "102")]
    public void Odd_rows_are_shown_too()
    {
        var ordinary = Enqueued();
        var stateless = NewJob();
        var elsewhere = NewJob();
        var odd = Enqueued();
        var broken = Enqueued();
        Commit(transaction =>
        {
            transaction.SetJobState(elsewhere, new ScheduledState(TimeSpan.FromDays(1)));
            transaction.AddToQueue("default", stateless);
            transaction.AddToQueue("default", elsewhere);
            transaction.AddToQueue("default", ordinary);
            transaction.AddToQueue("default", "999999");
        });
        Execute(
            $"UPDATE `{Prefix}job` SET state_name = 'eNQUEUED' WHERE id = {odd}; UPDATE `{Prefix}job` SET invocation_data = 'nonsense' WHERE id = {broken}"
        );
        var jobs = Monitoring.EnqueuedJobs("default", 0, 100);
        jobs.Select(job => job.Key).Should().Equal(ordinary, odd, broken, stateless, elsewhere, ordinary, "999999");
        jobs[0].Value.InEnqueuedState.Should().BeTrue();
        jobs[0].Value.EnqueuedAt.Should().NotBeNull();
        jobs[0].Value.StateData.Should().ContainKey("Queue");
        jobs[1].Value.InEnqueuedState.Should().BeTrue();
        jobs[2].Value.LoadException.Should().NotBeNull();
        jobs[3].Value.State.Should().BeNull();
        jobs[3].Value.InEnqueuedState.Should().BeFalse();
        jobs[4].Value.State.Should().Be("Scheduled");
        jobs[4].Value.EnqueuedAt.Should().BeNull();
        jobs[6].Value.Should().BeNull();

        Fetch();
        Monitoring.FetchedJobs("default", 0, 10).Should().ContainSingle();
    }

    [Fact, Trait("Item", "103")]
    public void Lists_go_up_or_down_by_page()
    {
        var states = new (Func<IState> State, Func<int, int, IEnumerable<string>> Page, bool Descending)[]
        {
            (() => Processing(), (from, count) => Monitoring.ProcessingJobs(from, count).Select(job => job.Key), false),
            (
                () => new ScheduledState(TimeSpan.FromDays(1)),
                (from, count) => Monitoring.ScheduledJobs(from, count).Select(job => job.Key),
                false
            ),
            (() => new AwaitingState("1"), (from, count) => Monitoring.AwaitingJobs(from, count).Select(job => job.Key), false),
            (() => new SucceededState(1, 2, 3), (from, count) => Monitoring.SucceededJobs(from, count).Select(job => job.Key), true),
            (
                () => new FailedState(new InvalidOperationException("x")),
                (from, count) => Monitoring.FailedJobs(from, count).Select(job => job.Key),
                true
            ),
            (() => new DeletedState(), (from, count) => Monitoring.DeletedJobs(from, count).Select(job => job.Key), true),
        };
        foreach (var (state, page, descending) in states)
        {
            var ids = Enumerable.Range(0, 5).Select(_ => In(state())).ToList();
            if (descending)
                ids.Reverse();
            page(0, 10).Should().Equal(ids);
            page(1, 2).Should().Equal(ids[1], ids[2]);
            page(4, 10).Should().Equal(ids[4]);
            page(5, 10).Should().BeEmpty();
        }
        var succeeded = Monitoring.SucceededJobs(0, 1)[0].Value;
        (succeeded.TotalDuration, succeeded.Result, succeeded.InSucceededState).Should().Be((5, "1", true));
        Monitoring.ProcessingJobs(0, 1)[0].Value.ServerId.Should().Be("server");
        var failed = Monitoring.FailedJobs(0, 1)[0].Value;
        (failed.ExceptionMessage, failed.ExceptionType).Should().Be(("x", typeof(InvalidOperationException).FullName!));
        Monitoring.ScheduledJobs(0, 1)[0].Value.EnqueueAt.Should().BeCloseTo(DateTime.UtcNow.AddDays(1), TimeSpan.FromMinutes(1));
        Execute($"UPDATE `{Prefix}state` SET data = NULL");
        Monitoring.SucceededJobs(0, 1)[0].Value.TotalDuration.Should().BeNull();
        Monitoring.ScheduledJobs(0, 5).Should().HaveCount(5);
        Monitoring.ProcessingJobs(0, 1)[0].Value.ServerId.Should().BeNull();
    }

    [Fact, Trait("Item", "104")]
    public void A_job_whose_state_row_has_gone_is_still_listed()
    {
        var (succeeded, deleted) = (In(new SucceededState(1, 2, 3)), In(new DeletedState()));
        Execute($"DELETE FROM `{Prefix}state`");
        Monitoring.SucceededJobs(0, 10).Select(job => job.Key).Should().Equal(succeeded);
        Monitoring.DeletedJobs(0, 10).Select(job => job.Key).Should().Equal(deleted);
        Monitoring.SucceededJobs(0, 10)[0].Value.SucceededAt.Should().BeNull();
        Connection().GetStateData(succeeded).Should().BeNull();
    }

    [Fact, Trait("Item", "105")]
    public void Awaiting_jobs_show_their_parents_state()
    {
        var parent = In(Processing());
        var ids = new[] { parent, parent, "99999", "a-guid" }.Select(id => In(new AwaitingState(id))).ToList();
        var jobs = Monitoring.AwaitingJobs(0, 10);
        jobs.Select(job => job.Key).Should().Equal(ids);
        jobs.Select(job => job.Value.ParentStateName).Should().Equal("Processing", "Processing", null, null);
        jobs[0].Value.AwaitingAt.Should().NotBeNull();
        Monitoring.AwaitingCount().Should().Be(4);
    }

    [Fact, Trait("Item", "106")]
    public void A_jobs_page_has_its_history_newest_first()
    {
        Monitoring.JobDetails("12345").Should().BeNull();
        Monitoring.JobDetails("a-guid").Should().BeNull();
        var id = Connection()
            .CreateExpiredJob(AJob("x"), new Dictionary<string, string> { ["Culture"] = "en" }, DateTime.UtcNow, TimeSpan.FromHours(1));
        var details = Monitoring.JobDetails(id)!;
        details.History.Should().BeEmpty();
        details.Job.Args.Should().Equal("x");
        details.Properties.Should().Equal(new Dictionary<string, string> { ["Culture"] = "en" });
        details.ExpireAt.Should().BeCloseTo(DateTime.UtcNow.AddHours(1), TimeSpan.FromMinutes(1));
        details.CreatedAt.Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromMinutes(1));
        foreach (var state in new IState[] { new EnqueuedState(), Processing(), new SucceededState(1, 2, 3) })
            Commit(transaction => transaction.SetJobState(id, state));
        Monitoring.JobDetails(id)!.History.Select(state => state.StateName).Should().Equal("Succeeded", "Processing", "Enqueued");
        Monitoring.JobDetails(id)!.History[2].Data["queue"].Should().Be("default");

        Execute($"UPDATE `{Prefix}job` SET invocation_data = REPLACE(invocation_data, 'Jobs', 'Gone')");
        details = Monitoring.JobDetails(id)!;
        details.LoadException.Should().NotBeNull();
        details.Properties.Keys.Should().Contain(["DBG_Type", "DBG_Method", "DBG_Args", "DBG_Exception"]);
        Execute($"UPDATE `{Prefix}job` SET invocation_data = 'nonsense'");
        Monitoring.JobDetails(id)!.Properties.Keys.Should().Contain(["DBG_Payload", "DBG_Exception"]);
    }

    [Fact, Trait("Item", "107")]
    public void Statistics_have_every_figure()
    {
        foreach (
            var (state, count) in new (Func<IState>, int)[]
            {
                (() => Processing(), 2),
                (() => new ScheduledState(TimeSpan.FromDays(1)), 3),
                (() => new FailedState(new InvalidOperationException("x")), 4),
                (() => new AwaitingState("1"), 5),
            }
        )
        {
            for (var i = 0; i < count; i++)
                In(state());
        }
        Enqueued("a");
        Enqueued("b");
        Commit(transaction =>
        {
            transaction.AddRangeToSet("recurring-jobs", ["1", "2"]);
            transaction.AddRangeToSet("retries", ["1", "2", "3"]);
            transaction.IncrementCounter("stats:succeeded");
            transaction.IncrementCounter("stats:deleted");
        });
        Execute($"INSERT INTO `{Prefix}aggregated_counter` (`key`, value) VALUES ('stats:succeeded', 10), ('stats:deleted', 20)");
        Connection().AnnounceServer("s", new Hangfire.Server.ServerContext());
        var statistics = Monitoring.GetStatistics();
        (statistics.Enqueued, statistics.Processing, statistics.Scheduled, statistics.Failed, statistics.Awaiting)
            .Should()
            .Be((2, 2, 3, 4, 5L));
        (statistics.Queues, statistics.Servers, statistics.Recurring, statistics.Retries, statistics.Succeeded, statistics.Deleted)
            .Should()
            .Be((2, 1, 2, 3L, 11, 21));
    }

    [Fact, Trait("Item", "108")]
    public void Counts_for_pages_are_capped()
    {
        Configure(options => options.DashboardJobListLimit = 3);
        for (var i = 0; i < 5; i++)
            In(new SucceededState(1, 2, 3));
        Monitoring.SucceededListCount().Should().Be(3);
        Monitoring.FailedCount().Should().Be(0);
    }

    [Fact, Trait("Item", "109")]
    public void Graphs_include_what_is_not_summed_up_yet()
    {
        var now = DateTime.UtcNow;
        string Key(string type, DateTime time, string format) => $"stats:{type}:{time.ToString(format, CultureInfo.InvariantCulture)}";
        Commit(transaction =>
        {
            foreach (var type in new[] { "succeeded", "failed", "deleted" })
            {
                transaction.IncrementCounter(Key(type, now, "yyyy-MM-dd"));
                transaction.IncrementCounter(Key(type, now, "yyyy-MM-dd-HH"));
            }
        });
        Execute(
            $"INSERT INTO `{Prefix}aggregated_counter` (`key`, value) VALUES ('{Key("succeeded", now, "yyyy-MM-dd")}', 5), ('{Key("succeeded", now.AddDays(-6), "yyyy-MM-dd")}', 7), ('{Key("succeeded", now.AddDays(-7), "yyyy-MM-dd")}', 9)"
        );
        var days = Monitoring.SucceededByDatesCount();
        days.Should().HaveCount(7);
        days[now.Date].Should().Be(6);
        days[now.Date.AddDays(-6)].Should().Be(7);
        Monitoring.HourlySucceededJobs().Should().HaveCount(24);
        foreach (
            var counts in new[]
            {
                Monitoring.HourlySucceededJobs(),
                Monitoring.HourlyFailedJobs(),
                Monitoring.HourlyDeletedJobs(),
                Monitoring.FailedByDatesCount(),
                Monitoring.DeletedByDatesCount(),
            }
        )
            counts.Values.Sum().Should().Be(1);
    }

    [Fact, Trait("Item", "111"), Trait("Category", "Long")]
    public void With_a_million_succeeded_jobs_every_page_is_quick()
    {
        var id = In(new SucceededState(1, 2, 3));
        for (var rows = 1; rows < 1_000_000; rows *= 2)
        {
            var some = Math.Min(rows, 1_000_000 - rows);
            Execute(
                $"INSERT INTO `{Prefix}job` (state_id, state_name, invocation_data, arguments, created_at, expire_at) SELECT 1, state_name, invocation_data, arguments, created_at, expire_at FROM `{Prefix}job` LIMIT {some}"
            );
        }
        Execute(
            $"INSERT INTO `{Prefix}state` (job_id, name, created_at, data) SELECT id, 'Succeeded', created_at, '{{\"Latency\":\"1\"}}' FROM `{Prefix}job` WHERE id <> {id}; UPDATE `{Prefix}job` j JOIN `{Prefix}state` s ON s.job_id = j.id SET j.state_id = s.id; ANALYZE TABLE `{Prefix}job`, `{Prefix}state`"
        );
        Count("job", "state_id IS NOT NULL").Should().Be(1_000_000);
        (string Name, Action Page)[] pages =
        [
            (
                "home",
                () =>
                {
                    Monitoring.GetStatistics();
                    Monitoring.SucceededByDatesCount();
                    Monitoring.FailedByDatesCount();
                    Monitoring.DeletedByDatesCount();
                }
            ),
            (
                "succeeded",
                () =>
                {
                    Monitoring.SucceededListCount();
                    Monitoring.SucceededJobs(0, 20);
                }
            ),
            ("succeeded, page 1000", () => Monitoring.SucceededJobs(20_000, 20)),
            (
                "failed",
                () =>
                {
                    Monitoring.FailedCount();
                    Monitoring.FailedJobs(0, 20);
                }
            ),
            (
                "processing",
                () =>
                {
                    Monitoring.ProcessingCount();
                    Monitoring.ProcessingJobs(0, 20);
                }
            ),
            ("queues", () => Monitoring.Queues()),
            ("details", () => Monitoring.JobDetails(id)),
        ];
        foreach (var (name, page) in pages)
        {
            page();
            var clock = Stopwatch.StartNew();
            page();
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {clock.ElapsedMilliseconds} ms");
            clock.Elapsed.Should().BeLessThan(TimeSpan.FromMilliseconds(300), name);
        }
        Execute($"TRUNCATE `{Prefix}job`; TRUNCATE `{Prefix}state`");
    }

    [Fact, Trait("Item", "124")]
    public void The_dashboard_shows_the_same_as_on_the_storage_in_memory()
    {
        using var memory = new Hangfire.InMemory.InMemoryStorage();
        Storage.GetMonitoringApi();
        var lines = new[] { Script(Storage), Script(memory) };
        lines[0].Should().Equal(lines[1]);
        lines[0].Should().HaveCountGreaterThan(20);
    }

    private static List<string> Script(JobStorage storage)
    {
        var client = new BackgroundJobClient(storage);
        var names = new Dictionary<string, string>();
        string Named(string name, string id)
        {
            names[id] = name;
            return name;
        }
        string? Id(string? id) => id is null ? null : names.GetValueOrDefault(id, id);
        var enqueued = client.Enqueue(() => Jobs.Nothing("enqueued"));
        Named("enqueued", enqueued);
        Named("second", client.Enqueue("critical", () => Jobs.Many("critical", 3)));
        var scheduled = client.Schedule(() => Jobs.Nothing("later"), new DateTimeOffset(2100, 1, 2, 3, 4, 5, TimeSpan.Zero));
        Named("scheduled", scheduled);
        Named("continued", client.ContinueJobWith(scheduled, () => Jobs.Nothing("after")));
        var failed = client.Create(
            () => Jobs.Fail("failed"),
            new FailedState(new InvalidOperationException("wrong")) { Reason = "because" }
        );
        Named("failed", failed);
        var deleted = client.Enqueue("deleted", () => Jobs.Nothing("deleted"));
        Named("deleted", deleted);
        client.Delete(deleted);
        var succeeded = client.Create(() => Jobs.Nothing("done"), new SucceededState("result", 3, 4));
        Named("succeeded", succeeded);
        new RecurringJobManager(storage).AddOrUpdate("nightly", () => Jobs.Nothing("nightly"), Cron.Daily());

        var monitoring = (JobStorageMonitor)storage.GetMonitoringApi();
        var lines = new List<string>();
        void Line(string what, params object?[] values) =>
            lines.Add($"{what}: {string.Join(" | ", values.Select(value => value ?? "null"))}");
        static string Call(Job? job) => job is null ? "none" : $"{job.Method.Name}({string.Join(',', job.Args)})@{job.Queue}";
        var statistics = monitoring.GetStatistics();
        Line(
            "statistics",
            statistics.Enqueued,
            statistics.Scheduled,
            statistics.Failed,
            statistics.Processing,
            statistics.Succeeded,
            statistics.Deleted,
            statistics.Recurring,
            statistics.Awaiting,
            statistics.Retries,
            statistics.Queues,
            statistics.Servers
        );
        foreach (var queue in monitoring.Queues())
            Line(
                "queue",
                queue.Name,
                queue.Length,
                queue.Fetched ?? 0,
                string.Join(',', queue.FirstJobs.Select(job => $"{Id(job.Key)} {Call(job.Value?.Job)} {job.Value?.State}"))
            );
        foreach (var (id, job) in monitoring.EnqueuedJobs("critical", 0, 10))
            Line("enqueued", Id(id), Call(job.Job), job.State, job.InEnqueuedState, job.EnqueuedAt is not null);
        foreach (var (id, job) in monitoring.ScheduledJobs(0, 10))
            Line("scheduled", Id(id), Call(job.Job), job.EnqueueAt.ToString("O"), job.InScheduledState, job.ScheduledAt is not null);
        foreach (var (id, job) in monitoring.FailedJobs(0, 10))
            Line("failed", Id(id), Call(job.Job), job.Reason, job.ExceptionType, job.ExceptionMessage, job.InFailedState);
        foreach (var (id, job) in monitoring.DeletedJobs(0, 10))
            Line("deleted", Id(id), Call(job.Job), job.InDeletedState, job.DeletedAt is not null);
        foreach (var (id, job) in monitoring.SucceededJobs(0, 10))
            Line("succeeded", Id(id), Call(job.Job), job.Result, job.TotalDuration, job.InSucceededState, job.SucceededAt is not null);
        foreach (var (id, job) in monitoring.AwaitingJobs(0, 10))
            Line("awaiting", Id(id), Call(job.Job), job.ParentStateName, job.InAwaitingState, job.AwaitingAt is not null);
        Line(
            "counts",
            monitoring.ScheduledCount(),
            monitoring.FailedCount(),
            monitoring.ProcessingCount(),
            monitoring.SucceededListCount(),
            monitoring.DeletedListCount(),
            monitoring.AwaitingCount(),
            monitoring.EnqueuedCount("critical"),
            monitoring.FetchedCount("critical")
        );
        Line(
            "by date",
            monitoring.SucceededByDatesCount().Values.Sum(),
            monitoring.DeletedByDatesCount().Values.Sum(),
            monitoring.HourlySucceededJobs().Count,
            monitoring.SucceededByDatesCount().Count
        );
        foreach (var id in names.Keys)
        {
            var details = monitoring.JobDetails(id);
            Line("details", Id(id), Call(details.Job), details.CreatedAt is not null, details.ExpireAt is not null);
            foreach (var state in details.History)
                Line("history", Id(id), state.StateName, state.Reason, string.Join(',', state.Data.Keys.Order(StringComparer.Ordinal)));
        }
        using var connection = storage.GetConnection();
        foreach (var job in connection.GetRecurringJobs())
            Line("recurring", job.Id, job.Cron, Call(job.Job), job.Queue, job.NextExecution is not null);
        return lines;
    }

    private string In(IState state)
    {
        var id = NewJob();
        Commit(transaction => transaction.SetJobState(id, state));
        return id;
    }

    private static ProcessingState Processing() =>
        (ProcessingState)
            Activator.CreateInstance(
                typeof(ProcessingState),
                System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance,
                null,
                ["server", "worker"],
                null
            )!;
}

[Collection(OnMariaDb.Name)]
public sealed class MonitoringOnMariaDb(MariaDbFixture fixture) : MonitoringTests(fixture);

[Collection(OnMySql.Name)]
public sealed class MonitoringOnMySql(MySqlFixture fixture) : MonitoringTests(fixture);
