using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.MySql;
using Hangfire.PostgreSql;
using TestSupport;

namespace Benchmarks;

/// <summary>The job storage beside Hangfire's own in memory and, where PostgreSQL is installed, Hangfire.PostgreSql, in one run.</summary>
internal sealed class HangfireScenarios(DatabaseServer database, string? postgreSql, Report report, TimeSpan time)
{
    private const int Backlog = 20_000;
    private const int Workers = 20;
    private static readonly ConcurrentDictionary<int, long> Started = new();
    private static int _ran;

    /// <summary>Starts the servers it needs, measures and prints; no Kafka takes part.</summary>
    public static async Task<int> RunAsync(bool mySql, int seconds, string? json)
    {
        if ((mySql ? MySqlServer.Missing : MariaDbServer.Missing) is { } missing)
        {
            Console.Error.WriteLine($"The benchmark needs a database: {missing}.");
            return 2;
        }
        await using DatabaseServer database = mySql ? new MySqlServer() : new MariaDbServer();
        await database.StartAsync();
        await using var postgreSql = PostgreSqlServer.Missing is null ? await PostgreSqlServer.StartAsync() : null;
        Console.WriteLine(
            $"{Report.Machine()}; {(mySql ? "MySQL" : "MariaDB")}; {PostgreSqlServer.Missing ?? "PostgreSQL"}; {seconds} s a case."
        );
        var report = new Report();
        await new HangfireScenarios(database, postgreSql?.ConnectionString, report, TimeSpan.FromSeconds(seconds)).MeasureAsync();
        await report.FinishAsync(json);
        return 0;
    }

    private async Task MeasureAsync()
    {
        var memory = Measure("in memory", () => new InMemoryStorage(), null);
        var connectionString = await database.NewDatabaseAsync("jobs");
        var own = Measure(
            "MySQL",
            () => new MySqlStorage(connectionString, new MySqlStorageOptions { QueuePollInterval = TimeSpan.FromSeconds(5) }),
            database
        );
        var other = postgreSql is null
            ? null
            : Measure(
                "PostgreSQL",
                () =>
                    new PostgreSqlStorage(
                        new Hangfire.PostgreSql.Factories.NpgsqlConnectionFactory(postgreSql, new PostgreSqlStorageOptions()),
                        new PostgreSqlStorageOptions()
                    ),
                null
            );

        Add("hangfire, enqueue with 8 threads", own.Enqueued, "jobs/s", other?.Enqueued, ">= 800", own.Enqueued >= 800, memory.Enqueued);
        Add(
            $"hangfire, process {Backlog:#,0} with {Workers} workers",
            own.Processed,
            "jobs/s",
            other?.Processed,
            ">= 400 and >= 4x PostgreSQL",
            own.Processed >= 400 && (other is null || own.Processed >= 4 * other.Processed),
            memory.Processed
        );
        Add("hangfire, enqueue to start, p50", own.StartP50, "ms", other?.StartP50, "< 15 ms", own.StartP50 < 15, memory.StartP50);
        report.Add(new Line("hangfire, idle at 5 s polling", own.Idle, "statements/s", null, null, "<= 2 /s", own.Idle <= 2));
        report.Add(new Line("hangfire, deadlocks", own.Deadlocks, "", null, null, "0", own.Deadlocks == 0));
    }

    /// <summary>What a job does: notes when it was started.</summary>
    public static void Note(int number)
    {
        Started[number] = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _ran);
    }

    private Figures Measure(string name, Func<JobStorage> create, DatabaseServer? counted)
    {
        Console.WriteLine($"  {name} ...");
        var storage = create();
        var client = new BackgroundJobClient(storage);
        for (var i = 0; i < 200; i++)
            client.Enqueue(() => Note(-1));
        var deadlocks = counted is null ? 0 : Deadlocks(counted);

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
        Parallel(
            8,
            () =>
            {
                while (Interlocked.Increment(ref enqueued) <= Backlog)
                    client.Enqueue(() => Note(-1));
            }
        );

        var total = Math.Max(Backlog, enqueued - 8);
        _ran = 0;
        double processed;
        var latencies = new List<double>();
        double idle = 0;
        using (
            new BackgroundJobServer(
                new BackgroundJobServerOptions { WorkerCount = Workers, SchedulePollingInterval = TimeSpan.FromSeconds(5) },
                storage
            )
        )
        {
            Until(() => Volatile.Read(ref _ran) >= 500);
            var (from, at) = (Volatile.Read(ref _ran), Stopwatch.GetTimestamp());
            // Up to the last few, so that a slow storage is measured too while it is busy; at most four times the given time.
            Until(() => Volatile.Read(ref _ran) >= total - Workers || Stopwatch.GetElapsedTime(at) > time * 4);
            processed = (Volatile.Read(ref _ran) - from) / Stopwatch.GetElapsedTime(at).TotalSeconds;
            Until(() => Volatile.Read(ref _ran) >= total - Workers);
            Thread.Sleep(1_000);
            for (var number = 0; number < 100; number++)
            {
                var copy = number;
                var before = Stopwatch.GetTimestamp();
                client.Enqueue(() => Note(copy));
                Until(() => Started.ContainsKey(copy));
                latencies.Add(Stopwatch.GetElapsedTime(before, Started[copy]).TotalMilliseconds);
                Thread.Sleep(20);
            }
            if (counted is not null)
            {
                Thread.Sleep(3_000);
                var questions = Questions(counted);
                Thread.Sleep(20_000);
                // One statement is the question itself.
                idle = (Questions(counted) - questions - 1) / 20.0;
            }
        }
        Started.Clear();
        latencies.Sort();
        var figures = new Figures(
            rate,
            processed,
            latencies[latencies.Count / 2],
            idle,
            counted is null ? 0 : Deadlocks(counted) - deadlocks
        );
        (storage as IDisposable)?.Dispose();
        return figures;
    }

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

    private static long Questions(DatabaseServer server) => Number(server, "SHOW GLOBAL STATUS LIKE 'Questions'", 1);

    private static long Deadlocks(DatabaseServer server) =>
        Number(server, "SELECT COALESCE(SUM(count), 0) FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'", 0);

    private static long Number(DatabaseServer server, string sql, int column)
    {
        using var connection = new MySqlConnector.MySqlConnection(server.ConnectionString());
        connection.Open();
        using var command = new MySqlConnector.MySqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        return Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);
    }

    private sealed record Figures(double Enqueued, double Processed, double StartP50, double Idle, double Deadlocks);
}
