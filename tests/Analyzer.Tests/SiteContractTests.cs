using System.Net;
using System.Text.Json;
using MassTransit.Kafka.Extensions;
using ReaderSupport;
using TestSupport;

namespace Analyzer.Tests;

/// <summary>Section 7 of the real-estate contract, row by row, over HTTP and a topic.</summary>
public sealed class SiteContractTests(MariaDbFixture fixture) : IAsyncLifetime
{
    private readonly EmbeddedKafka _kafka = new();
    private readonly TopicLog _log = new();
    private ReaderHost? _analyzer;

    private ReaderHost Analyzer => _analyzer!;

    /// <summary>Section and case, method and path, status, content type, and what the body must be or begin with.</summary>
    public static TheoryData<string, string, string, int, string, string> Routes =>
        new()
        {
            { "7: first listing", "GET", "/analyzer/site/listings?index=0", 200, "application/json", """[{"listing_id":1,""" },
            { "7: last listing", "GET", "/analyzer/site/listings?index=2", 200, "application/json", """[{"listing_id":3,""" },
            { "7: first bid", "GET", "/analyzer/site/bids?index=0", 200, "application/json", """[{"bidding_id":11,""" },
            {
                "7: out of range",
                "GET",
                "/analyzer/site/listings?index=3",
                404,
                "application/json",
                """{"message":"No message at index 3!"}"""
            },
            {
                "7: out of range, bids",
                "GET",
                "/analyzer/site/bids?index=2",
                404,
                "application/json",
                """{"message":"No message at index 2!"}"""
            },
            {
                "7: negative",
                "GET",
                "/analyzer/site/listings?index=-1",
                404,
                "application/json",
                """{"message":"No message at index -1!"}"""
            },
            {
                "7: beyond 64 bits",
                "GET",
                "/analyzer/site/bids?index=99999999999999999999",
                404,
                "application/json",
                """{"message":"No message at index 99999999999999999999!"}"""
            },
            { "7: a word", "GET", "/analyzer/site/listings?index=first", 400, "application/problem+json", "" },
            { "7: a fraction", "GET", "/analyzer/site/listings?index=1.0", 400, "application/problem+json", "" },
            { "7: empty", "GET", "/analyzer/site/listings?index=", 400, "application/problem+json", "" },
            { "7: absent", "GET", "/analyzer/site/bids", 400, "application/problem+json", "" },
            { "2: unknown parameter", "GET", "/analyzer/site/bids?index=0&x=1", 400, "application/problem+json", "" },
            { "2: another method", "DELETE", "/analyzer/site/bids", 405, "application/problem+json", "" },
            { "2: another path", "GET", "/analyzer/site/cars", 404, "application/problem+json", "" },
            { "7: counts", "GET", "/analyzer/stats", 200, "application/json", """{"Listings":3,"Bids":2}""" },
            { "1: without the base path", "GET", "/stats", 200, "application/json", """{"Listings":3,"Bids":2}""" },
            { "1: a slash at the end", "GET", "/site/listings/?index=0", 200, "application/json", """[{"listing_id":1,""" },
            { "7: ids", "GET", "/analyzer/site/listings/ids", 200, "application/json", """[{"event_id":1,"trace_id":17""" },
            { "7: ids of bids", "GET", "/analyzer/site/bids/ids", 200, "application/json", """[{"event_id":11,"trace_id":17""" },
            { "5: a page", "GET", "/analyzer/site/bids/ids?limit=1", 200, "application/json", """[{"event_id":11,"trace_id":17""" },
            { "5: a limit of nothing", "GET", "/analyzer/site/bids/ids?limit=0", 400, "application/problem+json", "" },
            { "5: no cursor", "GET", "/analyzer/site/bids/ids?after=x", 400, "application/problem+json", "" },
            { "1: API document", "GET", "/analyzer/openapi.json", 200, "application/json", "{" },
            { "1: API page", "GET", "/analyzer/ui/", 200, "text/html", "" },
        };

    public async ValueTask InitializeAsync()
    {
        _kafka.CreateTopic("events", 4);
        _analyzer = await AnalyzerHost.StartAsync(
            fixture.Server,
            "Systems=RealEstate",
            $"Kafka:BootstrapServers={_kafka.BootstrapServers}"
        );
        await TopicLog.ProduceAsync(
            _kafka.BootstrapServers,
            [
                _log.Next(Sample.Listing(1, more: ""","x":{"a":[1.0,"é"]},"listing_post":"1999-01-01T00:00:00+02:00" """)),
                _log.Next(Sample.Bid(11)),
                _log.Next(Sample.Listing(2)),
                _log.Next(Sample.Run()),
                _log.Next(Sample.Bid(12)),
                _log.Next(Sample.Listing(3)),
            ]
        );
        await Analyzer.CountsAsync(3, 2);
    }

    public async ValueTask DisposeAsync()
    {
        if (_analyzer is not null)
            await _analyzer.DisposeAsync();
        _kafka.Dispose();
    }

    [Fact]
    public async Task Every_row_of_the_contract_is_answered_as_it_says()
    {
        foreach (var row in Routes)
        {
            var (section, method, path, status, type, body) = row.Data;
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var reply = await Analyzer.Client.SendAsync(request);
            var text = await reply.Content.ReadAsStringAsync();

            ((int)reply.StatusCode).Should().Be(status, $"{section}: {text}");
            reply.Content.Headers.ContentType!.MediaType.Should().Be(type, section);
            if (body.EndsWith('}'))
                text.Should().Be(body, section);
            else
                text.Should().StartWith(body, section);
            if (type == "application/problem+json")
                Problem(text).Should().Equal(["type", "title", "detail", "status"], section);
        }
    }

    [Fact]
    public async Task The_payload_is_the_message_as_published_to_the_letter()
    {
        var text = await Analyzer.Client.GetStringAsync("/analyzer/site/listings?index=0");

        text.Should()
            .Contain("\"listing_price\":600000.005")
            .And.Contain(""","x":{"a":[1.0,"é"]},"listing_post":"1999-01-01T00:00:00+02:00" """);
        text.Should().MatchRegex("\"trace_id\":17\\d{17}");
    }

    [Fact]
    public async Task Ids_come_page_by_page_and_one_to_a_line_in_the_order_of_the_index()
    {
        var all = await Analyzer.TraceIdsAsync("/analyzer/site/listings/ids");
        var paged = new List<long>();
        var after = "";
        while (true)
        {
            using var reply = await Analyzer.Client.GetAsync($"/analyzer/site/listings/ids?limit=2{after}");
            using var page = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
            paged.AddRange(page.RootElement.EnumerateArray().Select(id => id.GetProperty("trace_id").GetInt64()));
            after = $"&after={reply.Headers.GetValues("X-Next-After").Single()}";
            if (page.RootElement.GetArrayLength() == 0)
                break;
        }
        using var request = new HttpRequestMessage(HttpMethod.Get, "/analyzer/site/listings/ids");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var lines = await Analyzer.Client.SendAsync(request);

        all.Should().HaveCount(3);
        paged.Should().Equal(all);
        lines.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        var text = await lines.Content.ReadAsStringAsync();
        text.Should().EndWith("\n");
        text.TrimEnd()
            .Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("trace_id").GetInt64())
            .Should()
            .Equal(all);
        // A cursor of one list is no place in another.
        (await Analyzer.Client.GetAsync($"/analyzer/site/bids/ids?limit=2{after}"))
            .StatusCode.Should()
            .Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task While_the_reader_is_behind_the_answer_waits_and_is_then_503_and_404_when_it_has_caught_up()
    {
        // Reading stops while somebody else holds the fence.
        await using var connection = new MySqlConnector.MySqlConnection(Analyzer.ConnectionString);
        await connection.OpenAsync();
        var fence = await connection.BeginTransactionAsync();
        await using (
            var hold = new MySqlConnector.MySqlCommand(
                "SELECT * FROM partition_progress WHERE partition_no = 1 FOR UPDATE",
                connection,
                fence
            )
        )
            await hold.ExecuteNonQueryAsync();
        await TopicLog.ProduceAsync(_kafka.BootstrapServers, [_log.Next(Sample.Listing(4), 1)]);

        using var behind = await Analyzer.Client.GetAsync("/analyzer/site/listings?index=3");
        var text = await behind.Content.ReadAsStringAsync();
        behind.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable, text);
        behind.Headers.RetryAfter.Should().NotBeNull();
        text.Should().StartWith("""{"message":"No message at index 3 yet. The reader is 1 records behind""");

        var waiting = Analyzer.Client.GetAsync("/analyzer/site/listings?index=3");
        await fence.RollbackAsync();
        using var there = await waiting;
        there.StatusCode.Should().Be(HttpStatusCode.OK, await there.Content.ReadAsStringAsync());
        (await Analyzer.Client.GetAsync("/analyzer/site/listings?index=4")).StatusCode.Should().Be(HttpStatusCode.NotFound);

        _kafka.TakeDown();
        (await Analyzer.Client.GetAsync("/analyzer/site/listings?index=0")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Analyzer.Client.GetAsync("/analyzer/site/listings?index=4"))
            .StatusCode.Should()
            .Be(HttpStatusCode.ServiceUnavailable, "nobody knows whether there is more on the topic");
    }

    private static List<string> Problem(string text)
    {
        using var problem = JsonDocument.Parse(text);
        return [.. problem.RootElement.EnumerateObject().Select(key => key.Name)];
    }
}
