using System.Text.Json;
using Contracts;
using MySqlConnector;
using TestSupport;

namespace Benchmarks;

/// <summary>How long both kinds of run of the check take, on tables filled by SQL: two Storages, one in the part of the topic's reader, and the log.</summary>
internal sealed class ConsistencyCase(DatabaseServer database, KafkaServer kafka, Report report)
{
    private const int Partitions = 4;
    private const int Chunk = 10_000;

    public async Task RunAsync()
    {
        foreach (var events in new[] { 10_000, 1_000_000 })
            await RunAsync(events);
    }

    private async Task RunAsync(int events)
    {
        using var logs = new TemporaryFolder();
        await using var storage = await StorageProcess.StartAsync(database);
        await using var queue = await StorageProcess.StartAsync(database);
        var log = await database.NewDatabaseAsync("receiver");
        await using var receiver = Process("Receiver", log, ("Outbox__Relay", "false"));
        await receiver.StartAsync();
        await receiver.ReadyAsync();
        await FillAsync(storage.Rows, queue.Rows, log, events);

        await using var processing = Process(
            "Processing",
            await database.NewDatabaseAsync("processing"),
            ("services__storage__url", storage.Url),
            ("scheduler__interval", "0"),
            ("datastore__filename", Path.Combine(logs.Path, "processing.json"))
        );
        var findings = await database.NewDatabaseAsync("consistency");
        await using var check = Process(
            "Consistency",
            findings,
            ("services__storage__url", storage.Url),
            ("services__analyzer__url", queue.Url),
            ("services__receiver__url", $"{receiver.Address}receiver"),
            ("services__processing__url", $"{processing.Address}processing"),
            ("scheduler__interval", "0"),
            ("datastore__filename", Path.Combine(logs.Path, "checks.json"))
        );
        await processing.StartAsync();
        await check.StartAsync();
        await Task.WhenAll(processing.ReadyAsync(), check.ReadyAsync());

        var full = await MeasureFullAsync(check.Address, 3);
        Add(
            $"full comparison of {events:N0} events",
            full.ComparedMs,
            $"of {full.Milliseconds} ms with {full.Rows:N0} rows of each side computed from their columns{(full.Complete ? ", all of them" : "")}; {full.Status}"
        );
        // The same service again, now running by itself.
        await check.StopAsync();
        await using var recurring = Process(
            "Consistency",
            findings,
            ("services__storage__url", storage.Url),
            ("services__analyzer__url", queue.Url),
            ("services__receiver__url", $"{receiver.Address}receiver"),
            ("services__processing__url", $"{processing.Address}processing"),
            ("scheduler__interval", "5"),
            ("scheduler__polling", "500ms"),
            ("datastore__filename", Path.Combine(logs.Path, "checks.json"))
        );
        await recurring.StartAsync();
        await recurring.ReadyAsync();
        var times = await RecurringAsync(recurring.Address, 5);
        Add(
            $"recurring run at {events:N0} events",
            times[times.Count / 2],
            $"median of {times.Count}, slowest {times[^1]} ms; 64 old buckets computed from their columns"
        );

        ServiceProcess Process(string project, string connectionString, params (string Name, string Value)[] settings)
        {
            var all = new Dictionary<string, string?>
            {
                ["ConnectionStrings__MySql"] = connectionString,
                ["Kafka__BootstrapServers"] = kafka.BootstrapServers,
                ["Kafka__Topic"] = $"consistency-{events}",
            };
            foreach (var (name, value) in settings)
                all[name] = value;
            return new ServiceProcess(project, all, logs.Path);
        }

        void Add(string name, double milliseconds, string notes) =>
            report.Add(new Line(name, milliseconds, "ms", null, null, "", null, notes));
    }

    // Rows of one side are written as its reader writes them; the other side and the log are copied from it within the server.
    private static async Task FillAsync(StoredRows storage, StoredRows queue, string log, int events)
    {
        for (var done = 0; done < events; done += Chunk)
        {
            EventMessage[] messages =
            [
                .. Enumerable.Range(done, Math.Min(Chunk, events - done)).Select(number => StoredRows.Listing(number + 0.25m, number)),
            ];
            await storage.AddAsync(done / Chunk % Partitions, messages);
        }
        var from = new MySqlConnectionStringBuilder(storage.ConnectionString).Database;
        await queue.ExecuteAsync(
            $"""
            INSERT INTO listings SELECT * FROM {from}.listings;
            INSERT INTO event_count SELECT * FROM {from}.event_count;
            UPDATE partition_progress p JOIN {from}.partition_progress s ON s.consumer = p.consumer AND s.partition_no = p.partition_no
              SET p.last_seq = s.last_seq, p.next_row = s.next_row
            """
        );
        await new StoredRows(log).ExecuteAsync(
            $$"""
            INSERT INTO event_log (partition_no, seq, after_seq, trace_id, type_id, key_bytes, value, digest, accepted_at)
              SELECT partition_no, seq, seq - 1, trace_id, 1, '', '{}', digest, ingested_at FROM {{from}}.listings;
            UPDATE partition_head h JOIN {{from}}.partition_progress s ON s.consumer = 'storage' AND s.partition_no = h.partition_no
              SET h.last_seq = s.last_seq, h.next_seq = s.last_seq + 1
            """
        );
    }

    private static async Task<(int ComparedMs, int Milliseconds, long Rows, bool Complete, string Status)> MeasureFullAsync(
        Uri check,
        int runs
    )
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        var results = new List<(int, int, long, bool, string)>();
        for (var run = 0; run < runs; run++)
        {
            using var reply = await http.PostAsync(new Uri(check, "consistency_check/update"), null);
            var text = await reply.Content.ReadAsStringAsync();
            if (!reply.IsSuccessStatusCode)
                throw new InvalidOperationException(text);
            using var state = JsonDocument.Parse(await http.GetStringAsync(new Uri(check, "consistency_check/v1/state")));
            var detail = state.RootElement.GetProperty("detail");
            var computed = detail.GetProperty("computed");
            results.Add(
                (
                    detail.GetProperty("compared_ms").GetInt32(),
                    JsonDocument.Parse(text).RootElement.GetProperty("processing_time_ms").GetInt32(),
                    computed.GetProperty("rows").GetInt64(),
                    computed.GetProperty("complete").GetBoolean(),
                    state.RootElement.GetProperty("status").GetString()!
                )
            );
        }
        return results.Order().ElementAt(runs / 2);
    }

    private static async Task<List<int>> RecurringAsync(Uri check, int runs)
    {
        using var http = new HttpClient();
        List<int> times = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                using var history = JsonDocument.Parse(await http.GetStringAsync(new Uri(check, "consistency_check/v1/history")));
                times =
                [
                    .. history
                        .RootElement.GetProperty("items")
                        .EnumerateArray()
                        .Where(run =>
                            run.GetProperty("kind").GetString() == "recurring" && run.GetProperty("status").GetString() == "consistent"
                        )
                        .Select(run => run.GetProperty("milliseconds").GetInt32())
                        .Order(),
                ];
                return times.Count >= runs;
            },
            "the job has run",
            TimeSpan.FromMinutes(2),
            TimeSpan.FromMilliseconds(500)
        );
        return times;
    }
}
