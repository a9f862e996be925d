using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.MySql;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using TestSupport;

namespace Benchmarks;

/// <summary>
/// How fast jobs are taken and run: the storage on MySQL beside Hangfire's own in memory and, where PostgreSQL is installed,
/// Hangfire.PostgreSql, in one run.
/// </summary>
internal sealed class HangfireRates(JobDatabase database, string? postgreSql, Report report, TimeSpan time)
{
    private const int Backlog = 100_000;

    // Enough for the time it is measured, and for it to be filled in reasonable time.
    private const int BacklogOfPostgreSql = 20_000;
    private const int Workers = 20;
    private static readonly ConcurrentDictionary<int, long> Started = new();
    private static int _ran;

    public async Task MeasureAsync()
    {
        var memory = Measure("in memory", _ => new InMemoryStorage(), Backlog, counted: false);
        var connectionString = await database.Server.NewDatabaseAsync("jobs");
        var own = Measure(
            "MySQL",
            name => new MySqlStorage(
                connectionString,
                new MySqlStorageOptions { QueuePollInterval = TimeSpan.FromSeconds(5), TablesPrefix = name + "_" }
            ),
            Backlog,
            counted: true
        );
        var other = postgreSql is null ? null : Measure("PostgreSQL", OnPostgreSql, BacklogOfPostgreSql, counted: false);

        Add("hangfire, enqueue with 8 threads", own.Enqueued, "jobs/s", other?.Enqueued, ">= 800", own.Enqueued >= 800, memory.Enqueued);
        Add(
            $"hangfire, process a backlog of {Backlog.ToString("#,0", CultureInfo.InvariantCulture)} with {Workers} workers",
            own.Processed,
            "jobs/s",
            other?.Processed,
            ">= 400 and >= 4x PostgreSQL",
            own.Processed >= 400 && (other is null || own.Processed >= 4 * other.Processed),
            memory.Processed
        );
        Add("hangfire, enqueue to start, p50", own.StartP50, "ms", other?.StartP50, "< 15 ms", own.StartP50 < 15, memory.StartP50);
        report.Add(new Line("hangfire, idle at 5 s polling", own.Idle, "statements/s", null, null, "<= 2 /s", own.Idle <= 2));
        report.Add(new Line("hangfire, deadlocks", own.Deadlocks, "", null, null, "0", own.Deadlocks == 0, "over all of these"));
    }

    /// <summary>What a job does: notes when it was started.</summary>
    public static void Note(int number)
    {
        Started[number] = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _ran);
    }

    private PostgreSqlStorage OnPostgreSql(string name)
    {
        var options = new PostgreSqlStorageOptions { SchemaName = name };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(postgreSql, options), options);
    }

    private Figures Measure(string name, Func<string, JobStorage> create, int backlog, bool counted)
    {
        Console.WriteLine($"  {name} ...");
        var deadlocks = counted ? database.Deadlocks() : 0;
        var (enqueued, processed) = Busy(create("busy"), backlog);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    enqueued {enqueued:0} /s, processed {processed:0} /s"));
        var (p50, idle) = Quiet(create("quiet"), counted);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    start p50 {p50:0.00} ms, idle {idle:0.00} statements/s"));
        return new Figures(enqueued, processed, p50, idle, counted ? database.Deadlocks() - deadlocks : 0);
    }

    private (double Enqueued, double Processed) Busy(JobStorage storage, int backlog)
    {
        var client = new BackgroundJobClient(storage);
        for (var i = 0; i < 200; i++)
            client.Enqueue(() => Note(-1));
        var enqueued = 200;
        var clock = Stopwatch.StartNew();
        Parallel(
            8,
            () =>
            {
                while (clock.Elapsed < time)
                {
                    client.Enqueue(() => Note(-1));
                    Interlocked.Increment(ref enqueued);
                }
            }
        );
        var rate = (enqueued - 200) / clock.Elapsed.TotalSeconds;
        var missing = backlog - enqueued;
        Parallel(
            8,
            () =>
            {
                while (Interlocked.Decrement(ref missing) >= 0)
                {
                    client.Enqueue(() => Note(-1));
                    Interlocked.Increment(ref enqueued);
                }
            }
        );

        _ran = 0;
        using (Serve(storage))
        {
            Until(() => Volatile.Read(ref _ran) >= 500);
            var (from, at) = (Volatile.Read(ref _ran), Stopwatch.GetTimestamp());
            // Up to the last few, or for four times the given time, whichever ends first.
            Until(() => Volatile.Read(ref _ran) >= enqueued - Workers || Stopwatch.GetElapsedTime(at) > time * 4);
            return (rate, (Volatile.Read(ref _ran) - from) / Stopwatch.GetElapsedTime(at).TotalSeconds);
        }
    }

    private (double P50, double Idle) Quiet(JobStorage storage, bool counted)
    {
        var client = new BackgroundJobClient(storage);
        var latencies = new List<double>();
        using var server = Serve(storage);
        Started.Clear();
        for (var number = 0; number < 150; number++)
        {
            var copy = number;
            var before = Stopwatch.GetTimestamp();
            client.Enqueue(() => Note(copy));
            Until(() => Started.ContainsKey(copy));
            // The first ones compile what they use.
            if (number >= 50)
                latencies.Add(Stopwatch.GetElapsedTime(before, Started[copy]).TotalMilliseconds);
            Thread.Sleep(20);
        }
        latencies.Sort();
        var p50 = latencies[latencies.Count / 2];
        if (!counted)
            return (p50, 0);
        Thread.Sleep(TimeSpan.FromSeconds(10));
        var questions = database.Questions();
        Thread.Sleep(TimeSpan.FromSeconds(30));
        // One statement is the question itself.
        return (p50, (database.Questions() - questions - 1) / 30.0);
    }

    private static BackgroundJobServer Serve(JobStorage storage) =>
        new(new BackgroundJobServerOptions { WorkerCount = Workers, SchedulePollingInterval = TimeSpan.FromSeconds(5) }, storage);

    private void Add(string name, double own, string unit, double? other, string aim, bool reached, double memory) =>
        report.Add(
            new Line(
                name,
                own,
                unit,
                other,
                other is null ? null : own / other,
                aim,
                reached,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(other is null ? "no PostgreSQL here; " : "beside PostgreSQL; ")}in memory {memory:#,0.##}"
                )
            )
        );

    private static void Parallel(int threads, Action work)
    {
        var all = Enumerable.Range(0, threads).Select(_ => new Thread(() => work())).ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
    }

    private static void Until(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(10))
                throw new TimeoutException("The jobs were not run within 10 minutes.");
            Thread.Sleep(1);
        }
    }

    private sealed record Figures(double Enqueued, double Processed, double StartP50, double Idle, double Deadlocks);
}
