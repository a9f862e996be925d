using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Contracts;
using MassTransit.Kafka.Extensions;
using ReaderSupport;
using TestSupport;

namespace Analyzer.Tests;

/// <summary>Where one event has come: asked of everybody, and nobody's silence is taken for an answer.</summary>
public sealed class StationTests(MariaDbFixture fixture)
{
    private const string Log =
        """{"partition":2,"seq":1,"trace_id":"TRACE","accepted_at":"2026-01-02T03:04:05.123456+00:00","in_kafka":true,"value":{}}""";
    private const string Stored =
        """{"trace_id":"TRACE","type":"listings","partition":2,"seq":1,"row_partition":2,"row_no":7,"stored_at":"2026-01-02T03:04:06Z"}""";
    private const string Counted =
        """{"partitions":[{"partition":2,"type":"bids","row_no":1},{"partition":2,"type":"listings","row_no":7}],"at":"2026-01-02T03:04:15Z"}""";
    private const string Verdict = """{"verdict":"verified","at":"2026-01-02T03:04:35Z","since":"2026-01-02T03:04:34Z"}""";
    private const string Found =
        """{"trace_id":"TRACE","anomalies":[{"event_type":"listings","anomaly_type":"Too Low","description":"So low.","detected_at":"2026-01-02T03:04:07Z"}],"read_up_to":[{"partition":2,"seq":1}]}""";

    private readonly TopicLog _log = new();
    private readonly ListingPosted _listing = Sample.Listing(42);

    [Fact]
    public async Task All_stations_are_shown_with_their_times()
    {
        await using var stubs = await StubServices.StartAsync();
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server, stubs.Settings);
        await analyzer.Inbox.ApplyAsync(2, [_log.Next(_listing, 2)]);
        AnswerAll(stubs);

        var report = await ReportAsync(analyzer);

        report.GetProperty("trace_id").GetString().Should().Be(_listing.Identity);
        report.GetProperty("type").GetString().Should().Be("listings");
        report.GetProperty("event_id").GetString().Should().Be("42");
        report.GetProperty("payload").GetProperty("listing_id").GetInt64().Should().Be(42);
        var stations = report.GetProperty("stations");
        stations
            .EnumerateObject()
            .Select(station => station.Name)
            .Should()
            .Equal("accepted", "relayed", "topic", "indexed", "stored", "counted", "verdict", "anomalies");
        stations
            .EnumerateObject()
            .Should()
            .OnlyContain(station =>
                station.Value.GetProperty("state").GetString() == "reached"
                && station.Value.GetProperty("at").GetDateTime() > new DateTime(2026, 1, 1)
            );
        stations.GetProperty("accepted").GetProperty("at").GetString().Should().Be("2026-01-02T03:04:05.123456Z");
        stations.GetProperty("accepted").GetProperty("seq").GetInt64().Should().Be(1);
        stations.GetProperty("topic").GetProperty("topic").GetString().Should().Be("events");
        stations.GetProperty("topic").GetProperty("partition").GetInt32().Should().Be(2);
        stations.GetProperty("topic").GetProperty("offset").GetInt64().Should().Be(0);
        stations.GetProperty("indexed").GetProperty("index").GetInt64().Should().Be(0);
        stations.GetProperty("stored").GetProperty("row_no").GetInt64().Should().Be(7);
        stations.GetProperty("verdict").GetProperty("verdict").GetString().Should().Be("verified");
        stations.GetProperty("verdict").GetProperty("since").GetString().Should().Be("2026-01-02T03:04:34Z");
        stations.GetProperty("anomalies").GetProperty("found")[0].GetProperty("anomaly_type").GetString().Should().Be("Too Low");
    }

    [Fact]
    public async Task What_has_not_come_so_far_is_said_to_be_so()
    {
        await using var stubs = await StubServices.StartAsync();
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server, stubs.Settings);
        await analyzer.Inbox.ApplyAsync(2, [_log.Next(_listing, 2)]);
        AnswerAll(stubs);
        // The log has removed it, its row is neither counted nor compared yet, and the detectors have not come to it.
        stubs.Answer("/receiver/log/2/1", """{"message":"No event at 2/1!"}""", 404);
        stubs.Answer("/processing/progress", Counted.Replace("\"row_no\":7", "\"row_no\":6", StringComparison.Ordinal));
        stubs.Answer($"/consistency_check/v1/events/{_listing.Identity}", """{"verdict":"pending","at":"2026-01-02T03:04:35Z"}""");
        stubs.Answer($"/anomaly_detector/events/{_listing.Identity}", """{"anomalies":[],"read_up_to":[{"partition":2,"seq":0}]}""");

        var stations = (await ReportAsync(analyzer)).GetProperty("stations");

        stations.GetProperty("accepted").GetProperty("state").GetString().Should().Be("reached", "it was in the log once");
        stations.GetProperty("accepted").GetProperty("detail").GetString().Should().Contain("does not keep it");
        State(stations, "counted").Should().Be("not_reached");
        State(stations, "verdict").Should().Be("not_reached");
        stations.GetProperty("verdict").GetProperty("verdict").GetString().Should().Be("pending");
        State(stations, "anomalies").Should().Be("not_reached");

        stubs.Answer($"/storage/events/{_listing.Identity}", """{"message":"No event"}""", 404);
        stations = (await ReportAsync(analyzer)).GetProperty("stations");
        State(stations, "stored").Should().Be("not_reached");
        State(stations, "counted").Should().Be("not_reached");
    }

    [Theory]
    [InlineData("receiver", "accepted")]
    [InlineData("storage", "stored", "counted")]
    [InlineData("processing", "counted")]
    [InlineData("consistency", "verdict")]
    [InlineData("anomalies", "anomalies")]
    public async Task A_service_that_is_down_is_named_and_nothing_is_guessed_for_it(string service, params string[] affected)
    {
        await using var stubs = await StubServices.StartAsync();
        var down = $"services:{service}:url=http://127.0.0.1:{FreePort.Next()}/x";
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server, [.. stubs.Settings, down]);
        await analyzer.Inbox.ApplyAsync(2, [_log.Next(_listing, 2)]);
        AnswerAll(stubs);

        var stations = (await ReportAsync(analyzer)).GetProperty("stations");

        foreach (var station in stations.EnumerateObject())
            station
                .Value.GetProperty("state")
                .GetString()
                .Should()
                .Be(
                    affected.Contains(station.Name)
                        ? station.Name == "counted" && service == "storage"
                            ? "unknown"
                            : "unreachable"
                        : "reached",
                    station.Name
                );
        stations.GetProperty(affected[0]).GetProperty("detail").GetString().Should().ContainEquivalentOf(service);
    }

    [Fact]
    public async Task Services_that_hang_or_answer_nonsense_cost_one_short_time_together()
    {
        await using var stubs = await StubServices.StartAsync();
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server, [.. stubs.Settings, "Analyzer:StationTimeout=700ms"]);
        await analyzer.Inbox.ApplyAsync(2, [_log.Next(_listing, 2)]);
        await ReportAsync(analyzer);
        stubs.Hang("/receiver/log/2/1");
        stubs.Hang($"/storage/events/{_listing.Identity}");
        stubs.Hang("/processing/progress");
        stubs.Answer($"/consistency_check/v1/events/{_listing.Identity}", """{"verdict":7}""");
        stubs.Answer($"/anomaly_detector/events/{_listing.Identity}", "no JSON", 500);

        var clock = Stopwatch.StartNew();
        var stations = (await ReportAsync(analyzer)).GetProperty("stations");

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromMilliseconds(2 * 700), "they are asked side by side");
        stations.GetProperty("accepted").GetProperty("detail").GetString().Should().Be("The Receiver did not answer within 0.7 s.");
        stations
            .GetProperty("verdict")
            .GetProperty("detail")
            .GetString()
            .Should()
            .StartWith("Consistency answered something that cannot be read");
        stations.GetProperty("anomalies").GetProperty("detail").GetString().Should().Be("Anomalies answered 500.");
        foreach (var station in new[] { "accepted", "stored", "counted", "verdict", "anomalies" })
            State(stations, station).Should().Be("unreachable", station);
        foreach (var station in new[] { "relayed", "topic", "indexed" })
            State(stations, station).Should().Be("reached", station);
    }

    [Fact]
    public async Task A_strangers_event_was_accepted_by_nobody()
    {
        await using var stubs = await StubServices.StartAsync();
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server, stubs.Settings);
        await analyzer.Inbox.ApplyAsync(2, [_log.Foreign(Envelope.Write(_listing), 2)]);
        AnswerAll(stubs);

        var stations = (await ReportAsync(analyzer)).GetProperty("stations");

        State(stations, "accepted").Should().Be("not_reached");
        State(stations, "relayed").Should().Be("not_reached");
        State(stations, "topic").Should().Be("reached");
    }

    [Fact]
    public async Task An_event_that_only_storage_or_the_log_has_is_found_and_one_that_nobody_has_is_404()
    {
        using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("events", 4);
        await using var stubs = await StubServices.StartAsync();
        await using var analyzer = await AnalyzerHost.StartAsync(
            fixture.Server,
            [.. stubs.Settings, $"Kafka:BootstrapServers={kafka.BootstrapServers}"]
        );
        AnswerAll(stubs);

        var stations = (await ReportAsync(analyzer)).GetProperty("stations");
        State(stations, "accepted").Should().Be("reached");
        State(stations, "relayed").Should().Be("reached", "the log says that Kafka has it");
        State(stations, "topic").Should().Be("not_reached");
        State(stations, "indexed").Should().Be("not_reached");
        State(stations, "stored").Should().Be("reached");

        stubs.Answer("/storage/events/17", """{"message":"No event with trace id 17!"}""", 404);
        using var nobody = await analyzer.Client.GetAsync("/analyzer/events/17");
        nobody.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await nobody.Content.ReadAsStringAsync()).Should().Be("""{"message":"No event with trace id 17!"}""");
        (await analyzer.Client.GetAsync("/analyzer/events/17?type=cars")).StatusCode.Should().Be(HttpStatusCode.BadRequest);

        // Somebody who could have it does not answer: that it is nowhere would be a guess.
        stubs.Answer("/storage/events/17", "{}", 503);
        using var doubt = await analyzer.Client.GetAsync("/analyzer/events/17");
        doubt.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await doubt.Content.ReadAsStringAsync()).Should().Contain("Storage answered 503.");

        // A record that the index could not take has its place and its reason.
        await analyzer.Inbox.ApplyAsync(1, [_log.Next(Sample.Listing(1, traceId: 18), 1), _log.Next(Sample.Listing(2, traceId: 18), 1)]);
        await analyzer.QueryAsync("DELETE FROM event_index");
        stubs.Answer("/storage/events/18", """{"message":"No event with trace id 18!"}""", 404);
        var refused = (await ReportAsync(analyzer, "18")).GetProperty("stations");
        refused.GetProperty("accepted").GetProperty("seq").GetInt64().Should().Be(2);
        refused.GetProperty("indexed").GetProperty("detail").GetString().Should().Contain("conflict");
    }

    private void AnswerAll(StubServices stubs)
    {
        stubs.Answer("/receiver/log/2/1", Of(Log));
        stubs.Answer($"/storage/events/{_listing.Identity}", Of(Stored));
        stubs.Answer("/processing/progress", Counted);
        stubs.Answer($"/consistency_check/v1/events/{_listing.Identity}", Verdict);
        stubs.Answer($"/anomaly_detector/events/{_listing.Identity}", Of(Found));

        string Of(string json) => json.Replace("TRACE", _listing.Identity, StringComparison.Ordinal);
    }

    private async Task<JsonElement> ReportAsync(ReaderHost analyzer, string? traceId = null)
    {
        using var reply = await analyzer.Client.GetAsync($"/analyzer/events/{traceId ?? _listing.Identity}");
        var text = await reply.Content.ReadAsStringAsync();
        reply.StatusCode.Should().Be(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static string? State(JsonElement stations, string station) => stations.GetProperty(station).GetProperty("state").GetString();
}
