using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Confluent.Kafka;
using TestSupport;
using static Receiver.Tests.Http;

namespace Receiver.Tests;

/// <summary>The Receiver as it runs: a process of its own, real HTTP, real MariaDB.</summary>
public sealed class LiveTests(LiveServers servers) : IClassFixture<LiveServers>
{
    private const string ListingLine = $$"""{"type":"listings","payload":{{Listing}}}""";

    private static int _topics;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_answered_201_stands_in_the_log_and_on_the_topic_in_the_clients_own_text()
    {
        await using var receiver = await StartAsync();
        var body = """{"agent":{"n":1.0},""" + Bid[1..].Replace("\"listing_id\":1,", "\"listing_id\":77,", StringComparison.Ordinal);

        var traceId = await (await receiver.Client.PostAsync("/receiver/site/bids", body)).TraceIdAsync();

        var values = await receiver.ColumnAsync($"SELECT value FROM event_log WHERE trace_id = '{traceId}'", bytes: true);
        var value = values.Should().ContainSingle().Subject;
        value.Should().EndWith($"\"payload\":{body[..^1]},\"trace_id\":{traceId}}}}}");
        var record = receiver.ReadTopic(1).Should().ContainSingle().Subject;
        Encoding.UTF8.GetString(record.Message.Value).Should().Be(value);
        Encoding.UTF8.GetString(record.Message.Key).Should().Be("77");
        Header(record, "trace_id").Should().Be($"{traceId}");
        Header(record, "log").Should().Be("main");
        Header(record, "after").Should().Be("0");
        ulong.Parse(Header(record, "seq")!, null).Should().BeGreaterThan(0);
        record.Message.Headers.Select(header => header.Key).Should().BeSubsetOf(["log", "seq", "after", "trace_id", "traceparent"]);
    }

    [Fact]
    public async Task The_same_key_and_body_get_the_same_answer_also_after_a_restart_and_through_the_batch()
    {
        await using var receiver = await StartAsync();

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => receiver.Client.PostAsync("/site/bids", Bid, idempotencyKey: "k-1"))
        );
        var traceIds = await Task.WhenAll(replies.Select(reply => reply.TraceIdAsync()));
        var traceId = traceIds.Distinct().Should().ContainSingle().Subject;

        await receiver.Process.StopAsync();
        await receiver.Process.StartAsync();
        await receiver.Process.ReadyAsync();
        (await (await receiver.Client.PostAsync("/receiver/site/bids/", Bid, idempotencyKey: "k-1")).TraceIdAsync()).Should().Be(traceId);
        var line = $$"""{"type":"bids","payload":{{Bid}},"idempotency_key":"k-1"}""";
        (await (await receiver.Client.PostLinesAsync(line, line)).LinesAsync())
            .Select(result => result.TraceId)
            .Should()
            .Equal($"{traceId}", $"{traceId}");
        (await receiver.ColumnAsync("SELECT COUNT(*) FROM event_log")).Should().Equal("1");
    }

    [Fact]
    public async Task A_used_key_with_another_body_is_refused_and_counts_per_type()
    {
        await using var receiver = await StartAsync();
        await (await receiver.Client.PostAsync("/site/bids", Bid, idempotencyKey: "k-1")).TraceIdAsync();

        var other = Bid.Replace("REJECTED", "APPROVED", StringComparison.Ordinal);
        await (await receiver.Client.PostAsync("/site/bids", other, idempotencyKey: "k-1")).ProblemAsync(
            HttpStatusCode.UnprocessableEntity
        );
        var lines = await receiver.Client.PostLinesAsync($$"""{"type":"bids","payload":{{other}},"idempotency_key":"k-1"}""", ListingLine);
        (await lines.LinesAsync()).Select(line => line.Status).Should().Equal(422, 201);
        await (await receiver.Client.PostAsync("/site/listings", Listing, idempotencyKey: "k-1")).TraceIdAsync();
    }

    [Fact]
    public async Task Two_Receivers_never_give_the_same_trace_id()
    {
        await using var receivers = await StartAsync(processes: 2);
        var traceIds = new ConcurrentBag<long>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1_000),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancel },
            async (number, _) => traceIds.Add(await (await receivers.Clients[number % 2].PostAsync("/site/bids", Bid)).TraceIdAsync())
        );
        foreach (var client in receivers.Clients)
        {
            var lines = await (await client.PostLinesAsync([.. Enumerable.Repeat(ListingLine, 1_000)])).LinesAsync();
            foreach (var line in lines)
                traceIds.Add(long.Parse(line.TraceId!, null));
        }

        traceIds.Should().OnlyHaveUniqueItems().And.HaveCount(3_000);
        // In order: comparing two large collections in any order takes minutes.
        (await receivers.ColumnAsync("SELECT trace_id FROM event_log ORDER BY trace_id"))
            .Should()
            .Equal(traceIds.Order().Select(traceId => $"{traceId}"));
    }

    [Fact]
    public async Task The_largest_event_travels_whole()
    {
        await using var receiver = await StartAsync();
        var body = "{\"x\":\"" + new string('x', 256 * 1024 - Listing.Length - 7) + "\"," + Listing[1..];

        var traceId = await (await receiver.Client.PostAsync("/site/listings", body)).TraceIdAsync();

        Encoding.UTF8.GetString(receiver.ReadTopic(1).Single().Message.Value).Should().EndWith($"{body[..^1]},\"trace_id\":{traceId}}}}}");
    }

    [Fact]
    public async Task The_log_can_be_looked_into()
    {
        await using var receiver = await StartAsync();
        var traceId = await (await receiver.Client.PostAsync("/site/bids", Bid)).TraceIdAsync();
        var where = await receiver.ColumnAsync($"SELECT CONCAT(partition_no, '/', seq) FROM event_log WHERE trace_id = '{traceId}'");

        await Eventually.HoldsAsync(
            async () => (await receiver.JsonAsync($"/receiver/log/{where[0]}")).GetProperty("in_kafka").GetBoolean(),
            "the event is in Kafka"
        );
        var entry = await receiver.JsonAsync($"/receiver/log/{where[0]}");
        entry.GetProperty("trace_id").GetString().Should().Be($"{traceId}");
        entry.GetProperty("type").GetString().Should().Be("bids");
        entry.GetProperty("key").GetString().Should().Be("1");
        entry.GetProperty("value").GetRawText().Should().EndWith($"{Bid[..^1]},\"trace_id\":{traceId}}}}}");
        entry.GetProperty("digest").GetString().Should().MatchRegex("^[0-9]+$");

        var partition = where[0].Split('/')[0];
        var seq = ulong.Parse(where[0].Split('/')[1], null);
        var extents = await receiver.JsonAsync("/log");
        extents.GetProperty("log").GetString().Should().Be("main");
        var extent = extents
            .GetProperty("partitions")
            .EnumerateArray()
            .Single(extent => extent.GetProperty("partition").GetRawText() == partition);
        extent.GetProperty("lowest").GetUInt64().Should().Be(seq);
        extent.GetProperty("last").GetUInt64().Should().Be(seq);
        extents.GetProperty("partitions").GetArrayLength().Should().Be(4);
        var bucket = (await receiver.JsonAsync($"/log/{partition}?after={seq - 1}&up_to={seq}"))
            .GetProperty("buckets")
            .EnumerateArray()
            .Single();
        bucket.GetProperty("bucket").GetUInt64().Should().Be(seq / 4096);
        bucket.GetProperty("rows").GetInt32().Should().Be(1);
        bucket.GetProperty("digest").GetString().Should().Be(entry.GetProperty("digest").GetString());
        (await receiver.JsonAsync($"/log/{partition}?after={seq}")).GetProperty("buckets").GetArrayLength().Should().Be(0);

        foreach (var nowhere in new[] { $"/log/{partition}/{seq + 1}", "/log/99/1", "/log/-1/1" })
            (await receiver.Client.GetAsync(nowhere, Cancel)).StatusCode.Should().Be(HttpStatusCode.NotFound, nowhere);
        await (await receiver.Client.GetAsync("/log/0/x", Cancel)).ProblemAsync(HttpStatusCode.BadRequest);
        (await receiver.Client.PostAsync("/receiver/log/nudge/0", null, Cancel)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await receiver.Client.PostAsync("/receiver/log/nudge/99", null, Cancel)).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Health_names_every_dependency_and_metrics_tell_of_the_log()
    {
        await using var receiver = await StartAsync();
        await (await receiver.Client.PostAsync("/site/bids", Bid)).TraceIdAsync();

        var ready = await receiver.JsonAsync("/receiver/health/ready");
        ready.GetProperty("status").GetString().Should().Be("Healthy");
        var names = ready.GetProperty("dependencies").EnumerateObject().Select(dependency => dependency.Name);
        names.Should().Contain(["database", "event log", "kafka", "readers"]);
        (await receiver.Client.GetAsync("/health/live", Cancel)).IsSuccessStatusCode.Should().BeTrue();
        (await receiver.Client.GetStringAsync("/receiver/metrics", Cancel)).Should().Contain("eventlog_head");
    }

    [Fact]
    public async Task It_starts_without_database_and_broker_and_recovers_when_the_database_goes_and_comes()
    {
        await using var own = new MariaDbServer();
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__MySql"] = own.ConnectionString(),
            ["Kafka__BootstrapServers"] = "127.0.0.1:1",
            ["Outbox__CommitTimeout"] = "1s",
        };
        using var logs = new TemporaryFolder();
        await using var process = new ServiceProcess("Receiver", settings, logs.Path);
        using var client = new HttpClient { BaseAddress = process.Address };
        await process.StartAsync();
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/health/live", Cancel)).IsSuccessStatusCode, "it answers");

        await NotSentAsync(client);
        var health = await client.GetAsync("/receiver/health/ready", Cancel);
        health.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await health.TextAsync()).Should().Contain("receiver");
        await (await client.PostAsync("/site/bids", Listing)).ProblemAsync(HttpStatusCode.BadRequest);

        await own.StartAsync();
        await AcceptsAsync(client);
        await own.KillAsync();
        await NotSentAsync(client);
        await own.StartAsync();
        await AcceptsAsync(client);
        process.Process.HasExited.Should().BeFalse();
    }

    [Fact]
    public async Task Told_to_stop_under_traffic_it_answers_what_it_has_taken_and_ends_within_ten_seconds()
    {
        await using var receiver = await StartAsync();
        var accepted = new ConcurrentBag<long>();
        var unknown = 0;
        using var stopped = new CancellationTokenSource();
        var clients = Enumerable
            .Range(0, 32)
            .Select(async _ =>
            {
                while (!stopped.IsCancellationRequested)
                {
                    try
                    {
                        var reply = await receiver.Client.PostAsync("/site/bids", Bid);
                        if (reply.StatusCode == HttpStatusCode.Created)
                            accepted.Add(await reply.TraceIdAsync());
                    }
                    catch (HttpRequestException gone) when (gone.HttpRequestError == HttpRequestError.ConnectionError)
                    {
                        return;
                    }
                    catch (Exception gone) when (gone is HttpRequestException or IOException)
                    {
                        Interlocked.Increment(ref unknown);
                        return;
                    }
                }
            })
            .ToList();
        await Eventually.HoldsAsync(() => accepted.Count > 500, "traffic flows");

        receiver.Process.Process.Signal("TERM");
        await receiver.Process.Process.ExitAsync(TimeSpan.FromSeconds(10));
        await stopped.CancelAsync();
        await Task.WhenAll(clients);

        receiver.Process.Process.ExitCode.Should().Be(0);
        unknown.Should().BeLessThanOrEqualTo(32);
        var logged = (await receiver.ColumnAsync("SELECT trace_id FROM event_log")).ToHashSet();
        accepted.Where(traceId => !logged.Contains($"{traceId}")).Should().BeEmpty();
        (await receiver.ColumnAsync("SELECT COUNT(*) FROM relay WHERE owner IS NOT NULL")).Should().Equal("0");
    }

    [Theory]
    [InlineData("Outbox__Readers__0__Url", "http://127.0.0.1:1", "Outbox:Readers:0:Name")]
    [InlineData("Outbox__Readers__0__Name", "storage", "Outbox:Readers:0:Url")]
    [InlineData("Outbox__MaxBacklogRows", "many", "Outbox:MaxBacklogRows")]
    [InlineData("Outbox__Retention", "30", "Outbox:Retention")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence(string name, string value, string named)
    {
        using var logs = new TemporaryFolder();
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__MySql"] = "Server=127.0.0.1;Port=1;User ID=x",
            [name] = value,
        };
        await using var process = new ServiceProcess("Receiver", settings, logs.Path);

        await process.StartAsync();
        await process.Process.ExitAsync(TimeSpan.FromSeconds(20));

        process.Process.ExitCode.Should().Be(2);
        process.Process.Output.Trim().Should().Contain(named).And.NotContain("\n");
    }

    private async Task<RunningReceivers> StartAsync(int processes = 1)
    {
        var topic = $"receiver-{Interlocked.Increment(ref _topics)}";
        servers.Kafka.CreateTopic(topic, 4);
        var deployment = await Deployment.CreateAsync(servers.Server, servers.Kafka.BootstrapServers, topic, processes, storages: 0);
        var running = new RunningReceivers(deployment, servers.Kafka.BootstrapServers, topic);
        await deployment.StartAsync();
        return running;
    }

    private static async Task NotSentAsync(HttpClient client)
    {
        var reply = await client.PostAsync("/receiver/site/listings", Listing);
        reply.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await reply.TextAsync()).Should().StartWith("""{"message":"Failed to send event.""");
        reply.Headers.RetryAfter.Should().NotBeNull();
        var batch = await client.PostLinesAsync(ListingLine, "{}");
        batch.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await batch.LinesAsync()).Select(line => line.Status).Should().Equal(503, 400);
    }

    private static Task AcceptsAsync(HttpClient client) =>
        Eventually.HoldsAsync(
            async () => (await client.PostAsync("/receiver/site/listings", Listing)).StatusCode == HttpStatusCode.Created,
            "it accepts again",
            TimeSpan.FromSeconds(60),
            TimeSpan.FromMilliseconds(200)
        );

    private static string? Header(ConsumeResult<byte[], byte[]> record, string name) =>
        record.Message.Headers.TryGetLastBytes(name, out var value) ? Encoding.UTF8.GetString(value) : null;
}
