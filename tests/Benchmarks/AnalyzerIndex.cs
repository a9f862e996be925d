using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using MySqlConnector;
using TestSupport;

namespace Benchmarks;

/// <summary>The Analyzer with a large index: how long its answers take, with nothing else going on.</summary>
internal sealed class AnalyzerIndex(DatabaseServer database, KafkaServer kafka, Report report)
{
    private const int Events = 1_000_000;
    private const int RowsPerStatement = 2_000;
    private const int Asked = 2_000;
    private const double Aim = 10;

    // One of two is a listing; both kinds have as many partitions as the topic.
    private const int OfOneType = Events / 2;
    private const long FirstTraceId = 1_738_302_360_430_669_000;

    public async Task RunAsync(string topic)
    {
        await CreateTopicAsync(topic);
        await using var platform = await Deployment.CreateAsync(
            database,
            kafka.BootstrapServers,
            topic,
            analyzers: 1,
            anomalies: 1,
            settings: new Dictionary<string, string?>
            {
                ["Logs__Level"] = "Warning",
                // Not part of the measurement: nobody listens there, which is answered at once.
                ["services__processing__url"] = "http://127.0.0.1:1/processing",
                ["services__consistency__url"] = "http://127.0.0.1:1/consistency_check",
            }
        );
        await platform.StartAsync();
        var clock = Stopwatch.StartNew();
        await FillAsync(platform.AnalyzerDatabase!);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"  {Events} events in the index after {clock.Elapsed.TotalSeconds:0} s")
        );

        using var http = new HttpClient { BaseAddress = platform.Analyzers[0].Address };
        var random = new Random(1);
        await MeasureAsync(http, "n-th event", () => $"analyzer/site/listings?index={random.Next(OfOneType)}");
        await MeasureAsync(
            http,
            "n-th event that is not there",
            () => $"analyzer/site/bids?index={OfOneType + random.Next(1000)}",
            found: false
        );
        await MeasureAsync(http, "counts", () => "analyzer/stats");
        await MeasureAsync(http, "page of 100 ids", () => "analyzer/site/bids/ids?limit=100");
        await MeasureAsync(
            http,
            "event by trace id, with the services it asks",
            () => string.Create(CultureInfo.InvariantCulture, $"analyzer/events/{FirstTraceId + random.Next(Events)}")
        );
        await TraceAsync(platform.AnalyzerDatabase!, random);
        await DigestsAsync(platform.AnalyzerDatabase!);
    }

    private async Task CreateTopicAsync(string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        await admin.CreateTopicsAsync([
            new Confluent.Kafka.Admin.TopicSpecification
            {
                Name = topic,
                NumPartitions = 4,
                ReplicationFactor = 1,
            },
        ]);
    }

    private static async Task FillAsync(string connectionString)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        // A table of digits counts by itself, so that no row travels.
        await ExecuteAsync(
            connection,
            "CREATE TABLE digit (d INT PRIMARY KEY); INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)"
        );
        const string Payload = """
            CONCAT('{"listing_id":', n, ',"listing_price":', n, '.25,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Condo",',
            '"listing_status":"AVAILABLE","listing_contact":"', n, '@example.com","trace_id":', @first + n, '}')
            """;
        for (var from = 0; from < Events; from += 100_000)
        {
            await using var insert = new MySqlCommand(
                $"""
                INSERT INTO event_index (type_id, position, trace_id, event_id, partition_no, seq, topic_offset, bucket, digest, accepted_at,
                  topic_at, indexed_at, payload)
                SELECT 1 + n MOD 2, n DIV 2, @first + n, n, n MOD 4, n + 1, n DIV 4, n DIV 4096, CONV(LEFT(MD5(n), 15), 16, 10),
                  UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), {Payload}
                FROM (SELECT @from + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n FROM digit a, digit b, digit c, digit e, digit f) numbers
                ORDER BY n
                """,
                connection
            )
            {
                CommandTimeout = 300,
            };
            insert.Parameters.AddWithValue("@first", FirstTraceId);
            insert.Parameters.AddWithValue("@from", from);
            await insert.ExecuteNonQueryAsync();
        }
        await ExecuteAsync(
            connection,
            $"INSERT INTO position_head VALUES (1, {OfOneType}, {OfOneType}), (2, {OfOneType}, {OfOneType}); DROP TABLE digit"
        );
    }

    private async Task MeasureAsync(HttpClient http, string what, Func<string> path, bool found = true)
    {
        var times = new double[Asked];
        for (var i = -Asked / 4; i < Asked; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var reply = await http.GetAsync(new Uri(path(), UriKind.Relative));
            await reply.Content.ReadAsByteArrayAsync();
            if (reply.IsSuccessStatusCode != found)
                throw new InvalidOperationException($"{what} was answered {(int)reply.StatusCode}.");
            if (i >= 0)
                times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Add($"analyzer, {what}", times);
    }

    // The index alone: what the other services add to GET /events/{trace_id} is theirs.
    private async Task TraceAsync(string connectionString, Random random)
    {
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync();
        var times = new double[Asked];
        for (var i = 0; i < Asked; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var find = new MySqlCommand("SELECT payload FROM event_index WHERE trace_id = @trace ORDER BY type_id", connection);
            find.Parameters.AddWithValue("@trace", (FirstTraceId + random.Next(Events)).ToString(CultureInfo.InvariantCulture));
            _ = await find.ExecuteScalarAsync() ?? throw new InvalidOperationException("The index does not have it.");
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Add("analyzer, event by trace id, the index alone", times);
    }

    private async Task DigestsAsync(string connectionString)
    {
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync();
        var started = Stopwatch.GetTimestamp();
        await ExecuteAsync(
            connection,
            "SELECT partition_no, bucket, COUNT(*), BIT_XOR(digest) FROM event_index GROUP BY partition_no, bucket ORDER BY partition_no, bucket"
        );
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        report.Add(new Line("analyzer, digests of all buckets", seconds, "s", null, null, "<= 1 s", seconds <= 1, $"{Events} rows"));
    }

    private void Add(string what, double[] times)
    {
        Array.Sort(times);
        var (half, most) = (HttpLoad.Percentile(times, 0.5), HttpLoad.Percentile(times, 0.99));
        report.Add(
            new Line(
                what,
                most,
                "ms p99",
                null,
                null,
                $"< {Aim} ms",
                most < Aim,
                string.Create(CultureInfo.InvariantCulture, $"p50 {half:0.00} ms, {Asked} requests one after another, {Events} events")
            )
        );
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }
}
