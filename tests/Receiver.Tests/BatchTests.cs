using System.Net;
using System.Text;
using static Receiver.Tests.Http;

namespace Receiver.Tests;

public sealed class BatchTests(ReceiverHost receiver) : IClassFixture<ReceiverHost>
{
    private const string ListingLine = $$"""{"type":"listings","payload":{{Listing}}}""";

    private const string BidLine = $$"""{"payload":{{Bid}},"type":"bids","idempotency_key":"k1"}""";

    [Fact]
    public async Task Every_line_has_an_answer_in_order()
    {
        var reply = await receiver.Client.PostLinesAsync(
            ListingLine,
            "nonsense",
            BidLine,
            "",
            """{"type":"listings","payload":{}}""",
            ListingLine + "\r"
        );

        reply.StatusCode.Should().Be(HttpStatusCode.OK);
        var lines = await reply.LinesAsync();
        lines.Select(line => line.Status).Should().Equal(201, 400, 201, 400, 400, 201);
        lines[1].Detail.Should().Contain("JSON");
        lines[3].Detail.Should().Contain("empty");
        lines[4].Detail.Should().Contain("'listing_id'");
        var events = lines
            .Where(line => line.TraceId is not null)
            .Select(line => receiver.Log.Appended.Single(e => e.TraceId == line.TraceId))
            .ToList();
        events.Select(logged => logged.TypeId).Should().Equal(1, 2, 1);
        events.Select(logged => logged.Idempotency is not null).Should().Equal(false, true, false);
        Encoding.UTF8.GetString(events[1].Value.Span).Should().EndWith($"\"payload\":{Bid[..^1]},\"trace_id\":{lines[2].TraceId}}}}}");
    }

    [Fact]
    public async Task The_reply_has_the_documented_bytes()
    {
        var text = await (await receiver.Client.PostLinesAsync(ListingLine, "[]", "")).TextAsync();

        text.Should()
            .MatchRegex(
                """^\{"line":1,"status":201,"trace_id":\d{19}\}\n\{"line":2,"status":400,"detail":"The line must be a JSON object\."\}\n$"""
            );
    }

    [Theory]
    [InlineData("null", "object")]
    [InlineData("{}", "'type' is required")]
    [InlineData("""{"type":"listings"}""", "'payload' is required")]
    [InlineData("""{"type":"Listings","payload":{}}""", "'type' must be one of listings, bids")]
    [InlineData("""{"type":"running","payload":{}}""", "'type' must be one of listings, bids, running_stats, music_info")]
    [InlineData("""{"type":"running_stats","payload":{}}""", "'user_id', 'duration', 'distance', 'timestamp' are required")]
    [InlineData("""{"type":1,"payload":{}}""", "'type'")]
    [InlineData("""{"type":"\ud800","payload":{}}""", "'type'")]
    [InlineData("""{"type":"listings","payload":[]}""", "'payload' must be an object")]
    [InlineData("""{"type":"listings","type":"listings","payload":{}}""", "'type' is there twice")]
    [InlineData("""{"type":"listings","payload":{},"payload":{}}""", "'payload' is there twice")]
    [InlineData("""{"type":"listings","payload":{},"idempotency_key":1}""", "'idempotency_key'")]
    [InlineData("""{"type":"listings","payload":{},"idempotency_key":""}""", "'idempotency_key'")]
    [InlineData("""{"type":"listings","payload":{},"idempotency_key":null}""", "'idempotency_key'")]
    [InlineData("""{"type":"listings","payload":{}} x""", "JSON")]
    [InlineData("""{"type":"listings","payload":{"listing_id":1,"listing_id":1}}""", "'listing_id' is there twice")]
    public async Task A_wrong_line_is_refused_with_a_reason(string line, string why)
    {
        var reply = await receiver.Client.PostLinesAsync(line);

        reply.StatusCode.Should().Be(HttpStatusCode.OK);
        var (status, _, detail) = (await reply.LinesAsync()).Should().ContainSingle().Subject;
        status.Should().Be(400);
        detail.Should().Contain(why);
    }

    [Fact]
    public async Task Properties_beside_the_payload_are_no_concern_of_the_event() =>
        (await (await receiver.Client.PostLinesAsync("""{"datetime":"x","\ud800":1,""" + ListingLine[1..])).LinesAsync())
            .Should()
            .ContainSingle()
            .Which.Status.Should()
            .Be(201);

    [Fact]
    public async Task A_line_that_is_not_UTF8_is_refused_alone()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(ListingLine), (byte)'\n', 0xff, (byte)'\n'];

        var lines = await (await receiver.Client.PostAsync("/site/events", body, "application/x-ndjson")).LinesAsync();
        lines.Select(line => line.Status).Should().Equal(201, 400);
    }

    [Fact]
    public async Task A_payload_over_its_limit_is_refused_alone()
    {
        var large =
            """{"type":"listings","payload":{"x":"@",""".Replace("@", new string('x', 256 * 1024), StringComparison.Ordinal)
            + Listing[1..]
            + "}";

        (await (await receiver.Client.PostLinesAsync(ListingLine, large)).LinesAsync())
            .Select(line => line.Status)
            .Should()
            .Equal(201, 413);
    }

    [Fact]
    public async Task A_thousand_lines_are_taken_and_one_more_is_not()
    {
        var lines = await (await receiver.Client.PostLinesAsync([.. Enumerable.Repeat(ListingLine, 1_000), ""])).LinesAsync();
        lines.Should().HaveCount(1_000).And.OnlyContain(line => line.Status == 201);
        lines.Select(line => line.TraceId).Should().OnlyHaveUniqueItems();

        var reply = await receiver.Client.PostLinesAsync([.. Enumerable.Repeat(ListingLine, 1_001)]);
        (await reply.ProblemAsync(HttpStatusCode.RequestEntityTooLarge)).Should().Contain("1000 lines");
    }

    [Fact]
    public async Task Eight_MiB_are_taken_and_one_byte_more_is_not()
    {
        var body = string.Concat(
            Enumerable.Repeat(
                """{"type":"listings","payload":{"x":"@",""".Replace("@", new string('x', 200_000), StringComparison.Ordinal)
                    + Listing[1..]
                    + "}\n",
                41
            )
        );
        body += new string(' ', (8 << 20) - body.Length);

        (await (await receiver.Client.PostAsync("/site/events", body, "application/x-ndjson")).LinesAsync())
            .Count(line => line.Status == 201)
            .Should()
            .Be(41);
        await (await receiver.Client.PostAsync("/site/events", body + " ", "application/x-ndjson")).ProblemAsync(
            HttpStatusCode.RequestEntityTooLarge
        );
    }

    [Fact]
    public async Task An_empty_body_is_refused() =>
        await (await receiver.Client.PostAsync("/receiver/site/events", "", "application/x-ndjson")).ProblemAsync(
            HttpStatusCode.BadRequest
        );

    [Fact]
    public async Task A_batch_is_no_JSON() =>
        await (await receiver.Client.PostAsync("/receiver/site/events", ListingLine)).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
}
