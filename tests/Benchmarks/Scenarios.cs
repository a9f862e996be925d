using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using MySqlConnector;
using TestSupport;

namespace Benchmarks;

/// <summary>The measured cases. Each starts processes and databases of its own on the given servers.</summary>
internal sealed class Scenarios(DatabaseServer database, KafkaServer kafka, Report report, TimeSpan time, TimeSpan warmUp)
{
    private const int Clients = 64;
    private const int BatchLines = 500;
    private static readonly Dictionary<string, string?> RelayOff = new() { ["Outbox__Relay"] = "false" };

    private int _topics;

    /// <summary>The broker of a platform that has run for a while.</summary>
    public async Task WarmUpAsync() => await RawLoops.WarmUpAsync(kafka.BootstrapServers, await NewTopicAsync(), warmUp * 2);

    /// <summary>One Receiver alone: single events against the endpoint that commits each, batches against the bare insert loop.</summary>
    public async Task AcceptAsync()
    {
        var raw = await RawEndpointAsync();
        await using var platform = await DeployAsync(storages: 0, RelayOff);
        await Single(platform).RunAsync(Clients, warmUp, Body);
        var cpu = Measure(platform, "single events");
        var single = await Single(platform).RunAsync(Clients, time, Body);
        report.Add(
            new Line(
                "accept, single events",
                single.PerSecond,
                "events/s",
                raw.PerSecond,
                single.PerSecond / raw.PerSecond,
                ">= 2 x commit per request",
                single.PerSecond >= 2 * raw.PerSecond,
                Invariant(
                    $"p50 {single.P50:0.0} p99 {single.P99:0.0} ms, raw p50 {raw.P50:0.0} p99 {raw.P99:0.0} ms; {cpu.PerEvent(single.Events)}"
                )
            )
        );
        await Batch(platform).RunAsync(Clients, warmUp / 2, Batches(), BatchLines);
        cpu = Measure(platform, "batches");
        var batch = await Batch(platform).RunAsync(Clients, time, Batches(), BatchLines);
        var cost = cpu.PerEvent(batch.Events);
        var insert = await RawLoops.InsertAsync(platform.LogDatabase, "event_log", 300_000);
        report.Add(
            Ratio(
                "accept, batches of 500",
                batch.PerSecond,
                "events/s",
                insert,
                0.6,
                "a bare multi-row insert",
                $"{batch.Refused} requests refused; {cost}"
            )
        );
    }

    /// <summary>The relay alone with a backlog, against reading alone and producing alone.</summary>
    public async Task RelayAsync() => await DrainAsync(200_000, "relay, backlog of 200,000");

    /// <summary>Storage alone with a full topic, against the bare insert of the same rows.</summary>
    public async Task StorageAsync()
    {
        const int rows = 300_000;
        await using var platform = await DeployAsync(storages: 1, settings: null, start: false);
        var receiver = platform.Receivers[0];
        await receiver.StartAsync();
        await receiver.ReadyAsync();
        await FillAsync(platform, rows);
        await OnTopicAsync(platform, rows);
        await platform.Storages[0].StartAsync();
        await StoredAsync(platform, 1);
        var first = await StoredAsync(platform);
        var cpu = Measure(platform, "storage");
        var clock = Stopwatch.StartNew();
        await StoredAsync(platform, rows);
        var stored = (rows - first) / clock.Elapsed.TotalSeconds;
        var cost = cpu.PerEvent(rows - first);
        await platform.Storages[0].StopAsync();
        var raw = await RawLoops.InsertAsync(platform.TableDatabase, "listings", 300_000);
        report.Add(Ratio("storage, full topic", stored, "rows/s", raw, 0.7, "a bare multi-row insert of the same rows", cost));
    }

    /// <summary>Everything on: from POST to the stored row.</summary>
    public async Task SustainedAsync()
    {
        var raw = await RawEndpointAsync();
        await using (var platform = await DeployAsync(storages: 1))
        {
            await Single(platform).RunAsync(Clients, warmUp, Body);
            await Ledger.CaughtUpAsync(platform);
            var before = await StoredAsync(platform);
            var cpu = Measure(platform, "single POST to stored row");
            var clock = Stopwatch.StartNew();
            var sent = await Single(platform).RunAsync(Clients, time, Body);
            await StoredAsync(platform, before + sent.Events);
            var took = clock.Elapsed;
            var rate = sent.Events / took.TotalSeconds;
            report.Add(
                Ratio(
                    "single POST to stored row",
                    rate,
                    "events/s",
                    raw.PerSecond,
                    0.65,
                    "the commit-per-request endpoint",
                    Invariant($"all stored {(took - sent.Time).TotalSeconds:0.0} s after the last POST; {cpu.PerEvent(sent.Events)}")
                )
            );
        }
        await using (var platform = await DeployAsync(storages: 1))
        {
            await Batch(platform).RunAsync(8, warmUp, Batches(), BatchLines);
            await Ledger.CaughtUpAsync(platform);
            var before = await StoredAsync(platform);
            var cpu = Measure(platform, "batches to stored row");
            var clock = Stopwatch.StartNew();
            var sent = await Batch(platform).RunAsync(8, time, Batches(), BatchLines);
            await StoredAsync(platform, before + sent.Events);
            var took = clock.Elapsed;
            var rate = sent.Events / took.TotalSeconds;
            report.Add(
                new Line(
                    "batches to stored row",
                    rate,
                    "events/s",
                    null,
                    null,
                    ">= 15,000 events/s",
                    rate >= 15_000,
                    Invariant($"all stored {(took - sent.Time).TotalSeconds:0.0} s after the last POST; {cpu.PerEvent(sent.Events)}")
                )
            );
        }
    }

    /// <summary>From 201 to the row, at half the sustained load and with none.</summary>
    public async Task LatencyAsync()
    {
        await using var platform = await DeployAsync(storages: 1);
        await Single(platform).RunAsync(Clients, warmUp, Body);
        await Ledger.CaughtUpAsync(platform);
        var full = await Single(platform).RunAsync(Clients, time, Body);
        await Ledger.CaughtUpAsync(platform);
        await LatencyAsync(platform, "half load", full.PerSecond / 2, probers: 8, p99: 75);
        await LatencyAsync(platform, "one event at a time", null, probers: 1, p99: 25);
    }

    private async Task LatencyAsync(Deployment platform, string name, double? perSecond, int probers, double p99)
    {
        // Long enough for a few hundred probes, of which the slowest hundredth is more than one.
        var length = time * 3;
        using var stop = new CancellationTokenSource();
        var cpu = Measure(platform, name);
        var probes = Enumerable.Range(0, probers).Select(_ => ProbeAsync(platform, stop.Token)).ToList();
        var load = perSecond is { } rate ? await Single(platform).RunAsync(Clients, length, Body, perSecond: rate) : null;
        if (load is null)
            await Task.Delay(length, CancellationToken.None);
        var cost = cpu.PerEvent(load?.Events ?? 0);
        await stop.CancelAsync();
        var latencies = (await Task.WhenAll(probes)).SelectMany(some => some).Order().ToArray();
        var (half, most) = (HttpLoad.Percentile(latencies, 0.5), HttpLoad.Percentile(latencies, 0.99));
        report.Add(
            new Line(
                $"201 to stored row, {name}",
                half,
                "ms p50",
                null,
                null,
                $"p50 <= 15 ms, p99 <= {p99} ms",
                half <= 15 && most <= p99,
                Invariant($"p99 {most:0.0} ms, {latencies.Length} probes")
                    + (
                        load is null
                            ? ""
                            : Invariant(
                                $", {load.PerSecond:0} events/s beside, accepted in p50 {load.P50:0.0} p99 {load.P99:0.0} ms; {cost}"
                            )
                    )
            )
        );
    }

    /// <summary>Every service killed at full load: how long after the restart is the lag 0?</summary>
    public async Task RecoveryAsync()
    {
        await using var platform = await DeployAsync(storages: 1);
        try
        {
            var load = Single(platform).RunAsync(Clients, time * 2, Body);
            await Task.Delay(time);
            await Task.WhenAll(platform.All.Select(process => process.KillAsync()));
            await load;
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            // The connections went with the process.
        }
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(platform.All.Select(process => process.StartAsync()));
        await Eventually.HoldsAsync(async () => (await PostOneAsync(platform)).Length > 0, "the first event is accepted");
        var accepted = clock.Elapsed;
        await Ledger.CaughtUpAsync(platform);
        report.Add(
            new Line(
                "kill -9 at full load, restart to lag 0",
                clock.Elapsed.TotalSeconds,
                "s",
                null,
                null,
                "<= 10 s",
                clock.Elapsed.TotalSeconds <= 10,
                Invariant($"first accept after {accepted.TotalSeconds:0.0} s")
            )
        );
    }

    /// <summary>Nothing happens: what does it cost?</summary>
    public async Task IdleAsync()
    {
        await using var platform = await DeployAsync(storages: 1);
        // A service that was just started compiles for a minute what it then runs for months.
        await Single(platform).RunAsync(Clients, warmUp, Body);
        await Ledger.CaughtUpAsync(platform);
        await Task.Delay(TimeSpan.FromSeconds(45));
        Console.WriteLine("  measuring idle");
        var processes = platform.All.ToList();
        var before = processes.Select(process => CpuTimes.SecondsOf(process.Process.Id)).ToList();
        await using var connection = new MySqlConnection(database.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
        var statements = await StatementsAsync(connection);
        var clock = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(30));
        // The second question about them is one of them.
        var perSecond = (await StatementsAsync(connection) - statements - 1) / clock.Elapsed.TotalSeconds / processes.Count;
        var cpu = processes
            .Select((process, i) => (CpuTimes.SecondsOf(process.Process.Id) - before[i]) / clock.Elapsed.TotalSeconds * 100)
            .Max();
        report.Add(new Line("idle, database statements per process", perSecond, "/s", null, null, "<= 2 /s", perSecond <= 2));
        report.Add(new Line("idle, busiest process", cpu, "% CPU", null, null, "< 1 %", cpu < 1));
    }

    /// <summary>Two million rows in the log: do accepting and relaying slow down?</summary>
    public async Task BacklogAsync()
    {
        const int backlog = 2_000_000;
        await using var platform = await DeployAsync(storages: 0, RelayOff);
        await Batch(platform).RunAsync(8, TimeSpan.FromSeconds(3), Batches(), BatchLines);
        var empty = await Batch(platform).RunAsync(8, time, Batches(), BatchLines);
        await FillAsync(platform, backlog);
        var full = await Batch(platform).RunAsync(8, time, Batches(), BatchLines);
        report.Add(Ratio("accept with 2 million rows of backlog", full.PerSecond, "events/s", empty.PerSecond, 0.9, "without"));
        await DrainAsync(backlog, "relay, backlog of 2 million", measured: 400_000);
    }

    private async Task DrainAsync(int rows, string name, int? measured = null)
    {
        await using var platform = await DeployAsync(storages: 0, RelayOff);
        await FillAsync(platform, rows);
        await platform.Receivers[0].StopAsync();
        var read = await RawLoops.ReadLogAsync(platform.LogDatabase);
        var values = await RawLoops.ValuesAsync(platform.LogDatabase, 200_000);
        var produce = await RawLoops.ProduceAsync(kafka.BootstrapServers, await NewTopicAsync(), values);

        await using var relaying = await DeployAsync(storages: 0, settings: null, start: false, log: platform.LogDatabase);
        await relaying.Receivers[0].StartAsync();
        await OnTopicAsync(relaying, 1);
        var first = OnTopic(relaying);
        var clock = Stopwatch.StartNew();
        await OnTopicAsync(relaying, measured ?? rows);
        var rate = (OnTopic(relaying) - first) / clock.Elapsed.TotalSeconds;
        report.Add(
            Ratio(
                name,
                rate,
                "records/s",
                Math.Min(read, produce),
                0.7,
                "the slower of reading and producing",
                Invariant($"read {read:#,0} rows/s, produce {produce:#,0} records/s")
            )
        );
    }

    private async Task<LoadResult> RawEndpointAsync()
    {
        var connectionString = await database.NewDatabaseAsync("raw");
        await database.ExecuteAsync(RawEndpoint.Table, new MySqlConnectionStringBuilder(connectionString).Database);
        var port = FreePort.Next();
        using var folder = new TemporaryFolder();
        await using var process = await GuardedProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Benchmarks"),
            ["raw-endpoint", port.ToString(CultureInfo.InvariantCulture), connectionString],
            Path.Combine(folder.Path, "out")
        );
        var load = new HttpLoad(new Uri($"http://127.0.0.1:{port}/"), "/receiver/site/listings", "application/json");
        await Eventually.HoldsAsync(
            async () => (await load.RunAsync(1, TimeSpan.FromMilliseconds(200), Body)).Events > 0,
            "the raw endpoint answers"
        );
        await load.RunAsync(Clients, warmUp, Body);
        var cpu = new CpuTimes(("endpoint", process.Id), ("database", database.Process.Id));
        var result = await load.RunAsync(Clients, time, Body);
        Report.Note("raw endpoint", result.PerSecond, "events/s", cpu.PerEvent(result.Events));
        return result;
    }

    private async Task<Deployment> DeployAsync(
        int storages,
        IReadOnlyDictionary<string, string?>? settings = null,
        bool start = true,
        string? log = null
    )
    {
        var quiet = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>());
        quiet.TryAdd("Kafka__BootstrapServers", kafka.BootstrapServers);
        var platform = await Deployment.CreateAsync(
            database,
            kafka.BootstrapServers,
            await NewTopicAsync(),
            1,
            storages,
            quiet,
            logDatabase: log
        );
        _platformTopics[platform] = $"bench-{_topics}";
        if (start)
            await platform.StartAsync();
        return platform;
    }

    private readonly Dictionary<Deployment, string> _platformTopics = [];

    private async Task<string> NewTopicAsync()
    {
        var topic = $"bench-{++_topics}";
        await kafka.CommandAsync("topics", "--create", "--topic", topic, "--partitions", "4");
        return topic;
    }

    private static async Task FillAsync(Deployment platform, int rows)
    {
        var batches = Batches();
        var sent = (await Batch(platform).RunAsync(1, TimeSpan.FromMilliseconds(1), batches, BatchLines)).Events;
        while (sent < rows)
            sent += (
                await Batch(platform).RunAsync(8, TimeSpan.FromSeconds(Math.Clamp((rows - sent) / 40_000.0, 0.05, 5)), batches, BatchLines)
            ).Events;
    }

    private async Task OnTopicAsync(Deployment platform, long records) =>
        await Eventually.HoldsAsync(() => OnTopic(platform) >= records, $"{records} records are on the topic", TimeSpan.FromMinutes(5));

    private long OnTopic(Deployment platform)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(
            new ConsumerConfig { BootstrapServers = kafka.BootstrapServers, GroupId = "watcher" }
        ).Build();
        return Enumerable
            .Range(0, 4)
            .Sum(partition =>
                consumer
                    .QueryWatermarkOffsets(new TopicPartition(_platformTopics[platform], partition), TimeSpan.FromSeconds(10))
                    .High.Value
            );
    }

    private CpuTimes Measure(Deployment platform, string what)
    {
        Console.WriteLine($"  measuring {what}");
        return CpuTimes.Of(platform, database, kafka);
    }

    // The sum that is kept with the rows: counting them would be the largest part of the load.
    private static async Task<long> StoredAsync(Deployment platform) =>
        long.Parse(
            (await Deployment.ColumnAsync(platform.TableDatabase, "SELECT COALESCE(SUM(stored_events), 0) FROM event_count")).Single(),
            CultureInfo.InvariantCulture
        );

    private static Task StoredAsync(Deployment platform, long rows) =>
        Eventually.HoldsAsync(
            async () => await StoredAsync(platform) >= rows,
            $"{rows} rows are stored",
            TimeSpan.FromMinutes(5),
            TimeSpan.FromMilliseconds(100)
        );

    private static async Task<List<double>> ProbeAsync(Deployment platform, CancellationToken stop)
    {
        using var http = new HttpClient();
        await using var connection = new MySqlConnection(platform.TableDatabase + ";Pooling=false");
        await connection.OpenAsync(CancellationToken.None);
        var latencies = new List<double>();
        while (!stop.IsCancellationRequested)
        {
            var trace = await PostOneAsync(platform, http);
            var clock = Stopwatch.StartNew();
            await using var command = new MySqlCommand("SELECT 1 FROM listings WHERE trace_id = @t", connection);
            command.Parameters.AddWithValue("@t", long.Parse(trace, CultureInfo.InvariantCulture));
            while (await command.ExecuteScalarAsync(CancellationToken.None) is null)
            {
                if (clock.Elapsed > TimeSpan.FromSeconds(30))
                    throw new TimeoutException($"Event {trace} was not stored within 30 s.");
                await Task.Delay(1, CancellationToken.None);
            }
            latencies.Add(clock.Elapsed.TotalMilliseconds);
            await Task.Delay(200, CancellationToken.None);
        }
        return latencies;
    }

    private static async Task<string> PostOneAsync(Deployment platform, HttpClient? client = null)
    {
        var http = client ?? new HttpClient();
        using var content = new ByteArrayContent(Body(7)) { Headers = { ContentType = new("application/json") } };
        using var reply = await http.PostAsync(new Uri(platform.Receivers[0].Address, "receiver/site/listings"), content);
        reply.EnsureSuccessStatusCode();
        return reply.Headers.GetValues("X-Trace-Id").Single();
    }

    private static async Task<long> StatementsAsync(MySqlConnection connection)
    {
        await using var command = new MySqlCommand("SHOW GLOBAL STATUS LIKE 'Questions'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture);
    }

    private static HttpLoad Single(Deployment platform) =>
        new(platform.Receivers[0].Address, "/receiver/site/listings", "application/json");

    private static HttpLoad Batch(Deployment platform) =>
        new(platform.Receivers[0].Address, "/receiver/site/events", "application/x-ndjson");

    private static byte[] Body(long number) => Encoding.UTF8.GetBytes(EventClient.Listing(number % 1_000_000));

    // A few hundred bodies made beforehand, so that the client does not measure itself.
    private static Func<long, byte[]> Batches()
    {
        var bodies = Enumerable
            .Range(0, 64)
            .Select(batch =>
                Encoding.UTF8.GetBytes(
                    string.Concat(
                        Enumerable
                            .Range(0, BatchLines)
                            .Select(i => $"{{\"type\":\"listings\",\"payload\":{EventClient.Listing(batch * BatchLines + i)}}}\n")
                    )
                )
            )
            .ToArray();
        return number => bodies[number % bodies.Length];
    }

    private static Line Ratio(string name, double product, string unit, double raw, double aim, string of, string notes = "") =>
        new(name, product, unit, raw, product / raw, Invariant($">= {aim:0%} of {of}"), product >= aim * raw, notes);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
