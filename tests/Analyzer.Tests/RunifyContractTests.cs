using System.Net;
using MassTransit.Kafka.Extensions;
using ReaderSupport;
using TestSupport;

namespace Analyzer.Tests;

/// <summary>Section 6 of the Runify contract, row by row, over HTTP and a topic, with Runify alone.</summary>
public sealed class RunifyContractTests(MariaDbFixture fixture)
{
    /// <summary>Section and case, method and path, status, content type, and what the body must be or begin with.</summary>
    public static IReadOnlyList<(string Section, string Method, string Path, int Status, string Type, string Body)> Routes { get; } =
    [
        ("6: a run is an object", "GET", "/analyzer/running?index=0", 200, "application/json", """{"user_id":"first","duration":3600.5,"""),
        ("6: the last run", "GET", "/analyzer/running?index=1", 200, "application/json", """{"user_id":"second","""),
        ("6: a song", "GET", "/analyzer/music?index=0", 200, "application/json", """{"user_id":"listener","song_name":"Run Boy Run","""),
        ("1: short form", "GET", "/running?index=0", 200, "application/json", """{"user_id":"first","""),
        ("1: short form, songs", "GET", "/music?index=0", 200, "application/json", """{"user_id":"listener","""),
        ("1: a slash at the end", "GET", "/analyzer/running/?index=0", 200, "application/json", """{"user_id":"first","""),
        ("6: out of range", "GET", "/analyzer/running?index=2", 404, "application/json", """{"message":"Not Found"}"""),
        ("6: out of range, songs", "GET", "/music?index=1", 404, "application/json", """{"message":"Not Found"}"""),
        ("6: negative", "GET", "/analyzer/running?index=-1", 404, "application/json", """{"message":"Not Found"}"""),
        ("6: absent", "GET", "/analyzer/running", 400, "application/problem+json", """{"type":"about:blank","""),
        ("6: no integer", "GET", "/analyzer/music?index=one", 400, "application/problem+json", """{"type":"about:blank","""),
        ("6: a fraction", "GET", "/analyzer/music?index=0.5", 400, "application/problem+json", """{"type":"about:blank","""),
        ("2: unknown parameter", "GET", "/analyzer/music?index=0&x=1", 400, "application/problem+json", """{"type":"about:blank","""),
        ("2: another method", "POST", "/analyzer/running", 405, "application/problem+json", """{"type":"about:blank","""),
        ("6: counts", "GET", "/analyzer/stats", 200, "application/json", """{"num_running_stats":2,"num_music_info":1}"""),
        ("1: counts, short form", "GET", "/stats", 200, "application/json", """{"num_running_stats":2,"num_music_info":1}"""),
        ("ids", "GET", "/analyzer/running/ids", 200, "application/json", """[{"event_id":"first","trace_id":"""),
        ("1: API document", "GET", "/analyzer/openapi.json", 200, "application/json", "{"),
        ("1: API page", "GET", "/analyzer/ui/", 200, "text/html", ""),
        ("the other system", "GET", "/analyzer/site/listings?index=0", 404, "application/problem+json", ""),
    ];

    [Fact]
    public async Task Every_row_of_the_contract_is_answered_as_it_says()
    {
        using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("events", 4);
        await using var analyzer = await AnalyzerHost.StartAsync(
            fixture.Server,
            "Systems=runify",
            $"Kafka:BootstrapServers={kafka.BootstrapServers}"
        );
        var log = new TopicLog();
        var first = Sample.Run("first");
        await TopicLog.ProduceAsync(
            kafka.BootstrapServers,
            [log.Next(first), log.Next(Sample.Listing()), log.Next(Sample.Song("listener")), log.Next(Sample.Run("second"))]
        );
        await Eventually.HoldsAsync(
            async () => await analyzer.Client.GetStringAsync("/stats") == """{"num_running_stats":2,"num_music_info":1}""",
            "the index has them"
        );
        foreach (var (section, method, path, status, type, body) in Routes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var reply = await analyzer.Client.SendAsync(request);
            var text = await reply.Content.ReadAsStringAsync();

            ((int)reply.StatusCode).Should().Be(status, $"{section}: {text}");
            reply.Content.Headers.ContentType!.MediaType.Should().Be(type, section);
            text.Should().StartWith(body, section);
        }
        (await analyzer.Client.GetStringAsync("/analyzer/running?index=0"))
            .Should()
            .Be(
                $$"""{"user_id":"first","duration":3600.5,"distance":5000,"timestamp":"2024-09-10T09:12:33.001Z","trace_id":"{{first.TraceId}}"}"""
            );
    }

    [Fact]
    public async Task With_both_systems_on_the_counts_are_of_both()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        await analyzer.Inbox.ApplyAsync(0, [log.Next(Sample.Run()), log.Next(Sample.Bid())]);

        (await analyzer.Client.GetStringAsync("/analyzer/stats"))
            .Should()
            .Be("""{"Listings":0,"Bids":1,"num_running_stats":1,"num_music_info":0}""");
        (await analyzer.Client.GetStringAsync("/running?index=0")).Should().StartWith("{");
        (await analyzer.Client.GetStringAsync("/site/bids?index=0")).Should().StartWith("[{");
    }

    [Fact]
    public async Task With_real_estate_alone_there_is_no_path_of_Runify()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server, "Systems=real_estate");

        foreach (var path in new[] { "/running?index=0", "/analyzer/music?index=0" })
            (await analyzer.Client.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.NotFound, path);
    }
}
