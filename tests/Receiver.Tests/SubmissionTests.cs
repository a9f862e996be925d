using System.Net;
using System.Net.Sockets;
using System.Text;
using Contracts;
using static Receiver.Tests.Http;

namespace Receiver.Tests;

public sealed class SubmissionTests(ReceiverHost receiver) : IClassFixture<ReceiverHost>
{
    [Theory]
    [InlineData("/receiver/site/listings", Listing)]
    [InlineData("/receiver/site/listings/", Listing)]
    [InlineData("/site/listings", Listing)]
    [InlineData("/site/listings/", Listing)]
    [InlineData("/receiver/site/bids", Bid)]
    [InlineData("/receiver/site/bids/", Bid)]
    [InlineData("/site/bids", Bid)]
    [InlineData("/site/bids/", Bid)]
    public async Task Every_form_of_a_path_takes_its_event(string path, string body) =>
        await (await receiver.Client.PostAsync(path, body)).TraceIdAsync();

    [Fact]
    public async Task The_log_gets_the_bare_envelope_with_the_clients_text()
    {
        var traceId = await (await receiver.Client.PostAsync("/site/bids", """{"note":"é","trace_id":7,""" + Bid[1..])).TraceIdAsync();

        var logged = receiver.Log.Appended.Single(appended => appended.TraceId == $"{traceId}");
        var value = Encoding.UTF8.GetString(logged.Value.Span);
        value
            .Should()
            .MatchRegex("""^\{"type":"bids","datetime":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d","payload":""")
            .And.EndWith($"\"payload\":{{\"note\":\"é\",\"trace_id\":{traceId},{Bid[1..]}}}");
        logged.TypeId.Should().Be(2);
        Encoding.UTF8.GetString(logged.Key.Span).Should().Be("1");
        logged.Idempotency.Should().BeNull();
        var message = Envelope.Read(logged.Value).Should().BeOfType<EnvelopeContent.Event>().Which.Message;
        logged.Digest.Should().Be(EventCatalog.Bids.Digest(message));
    }

    [Fact]
    public async Task The_service_logs_the_trace_id_on_receipt_and_when_the_event_is_in_the_log()
    {
        var traceId = await (await receiver.Client.PostAsync("/site/bids", Bid)).TraceIdAsync();

        await TestSupport.Eventually.HoldsAsync(
            () =>
                receiver.LogText.Contains($"Received bids event {traceId}\n")
                && receiver.LogText.Contains($"Logged bids event {traceId} as "),
            "both lines are written"
        );
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData(null)]
    public async Task JSON_may_be_said_in_several_ways_or_not_at_all(string? contentType) =>
        await (await receiver.Client.PostAsync("/site/listings", Listing, contentType)).TraceIdAsync();

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonl")]
    [InlineData("nonsense")]
    public async Task Another_content_type_is_refused(string contentType) =>
        await (await receiver.Client.PostAsync("/site/listings", Listing, contentType)).ProblemAsync(HttpStatusCode.UnsupportedMediaType);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"listing_id\":1}")]
    public async Task What_is_no_listing_is_refused(string body) =>
        await (await receiver.Client.PostAsync("/site/listings", body)).ProblemAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task The_detail_names_the_field()
    {
        var wrong = Listing.Replace("\"listing_id\":1", "\"listing_id\":2.0", StringComparison.Ordinal);

        (await (await receiver.Client.PostAsync("/site/listings", wrong)).ProblemAsync(HttpStatusCode.BadRequest))
            .Should()
            .Contain("'listing_id'");
    }

    [Fact]
    public async Task An_unknown_query_parameter_is_refused_by_name() =>
        (await (await receiver.Client.PostAsync("/site/listings?dry_run=1", Listing)).ProblemAsync(HttpStatusCode.BadRequest))
            .Should()
            .Contain("dry_run");

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Another_method_is_refused(string method)
    {
        var reply = await receiver.Client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), "/receiver/site/listings"),
            TestContext.Current.CancellationToken
        );

        await reply.ProblemAsync(HttpStatusCode.MethodNotAllowed);
        reply.Content.Headers.Allow.Should().Equal("POST");
    }

    [Theory]
    [InlineData("/receiver/site/houses")]
    [InlineData("/receiver")]
    [InlineData("/receiver/stats/walking")]
    public async Task Another_path_is_not_found(string path) =>
        await (await receiver.Client.PostAsync(path, Listing)).ProblemAsync(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_body_of_256_KiB_is_taken_and_one_byte_more_is_not()
    {
        var padding = FieldLimits.Body - Listing.Length - "\"x\":\"\",".Length;
        string Padded(int length) => "{\"x\":\"" + new string('x', length) + "\"," + Listing[1..];

        await (await receiver.Client.PostAsync("/site/listings", Padded(padding))).TraceIdAsync();
        await (await receiver.Client.PostAsync("/site/listings", Padded(padding + 1))).ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_large_body_of_unknown_length_is_refused_too()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/site/listings")
        {
            Content = new StreamContent(new MemoryStream(new byte[FieldLimits.Body + 1])),
        };
        request.Headers.TransferEncodingChunked = true;

        var reply = await receiver.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await reply.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0009b")]
    public async Task An_idempotency_key_that_is_none_is_refused(string key) =>
        (await (await receiver.Client.PostAsync("/site/listings", Listing, idempotencyKey: key)).ProblemAsync(HttpStatusCode.BadRequest))
            .Should()
            .Contain("Idempotency-Key");

    [Fact]
    public async Task An_idempotency_key_has_a_length_and_stands_alone()
    {
        await (await receiver.Client.PostAsync("/site/listings", Listing, idempotencyKey: new string('k', 255))).TraceIdAsync();
        await (await receiver.Client.PostAsync("/site/listings", Listing, idempotencyKey: new string('k', 256))).ProblemAsync(
            HttpStatusCode.BadRequest
        );
    }

    [Fact]
    public async Task Two_idempotency_keys_are_refused()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, receiver.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var request =
            $"POST /site/listings HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: {Listing.Length}\r\n\r\n{Listing}";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reply = new StreamReader(connection.GetStream());

        (await reply.ReadToEndAsync(TestContext.Current.CancellationToken))
            .Should()
            .StartWith("HTTP/1.1 400")
            .And.Contain("Idempotency-Key is there more than once.");
    }

    [Fact]
    public async Task An_idempotency_key_counts_per_type_and_remembers_the_text_from_brace_to_brace()
    {
        async Task<KafkaMySql.IdempotencyKey> Logged(string path, string body)
        {
            var traceId = await (await receiver.Client.PostAsync(path, body, idempotencyKey: "same")).TraceIdAsync();
            return receiver.Log.Appended.Single(appended => appended.TraceId == $"{traceId}").Idempotency!;
        }

        var listing = await Logged("/site/listings", Listing);
        var again = await Logged("/receiver/site/listings/", Listing + "\n");
        var bid = await Logged("/site/bids", Bid);

        again.Id.Should().Equal(listing.Id).And.HaveCount(32);
        again.BodyHash.Should().Equal(listing.BodyHash).And.HaveCount(32);
        bid.Id.Should().NotEqual(listing.Id);
    }

    [Fact]
    public async Task The_trace_context_of_a_request_travels_with_its_event()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/site/listings")
        {
            Content = new StringContent(Listing, null, "application/json"),
        };
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        var traceId = await (await receiver.Client.SendAsync(request, TestContext.Current.CancellationToken)).TraceIdAsync();

        var headers = receiver.Log.Appended.Single(appended => appended.TraceId == $"{traceId}").Headers;
        var parent = headers.Should().ContainSingle(header => header.Key == "traceparent").Subject;
        Encoding.ASCII.GetString(parent.Value).Should().StartWith("00-4bf92f3577b34da6a3ce929d0e0e4736-");
    }

    [Fact]
    public async Task With_Runify_alone_there_is_no_real_estate()
    {
        await using var runify = ReceiverHost.With(("Systems", "Runify"));

        await (await runify.Client.PostAsync("/receiver/site/listings", Listing)).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("POST", "/receiver/stats/running")]
    [InlineData("POST", "/stats/music")]
    [InlineData("GET", "/receiver/check")]
    public async Task With_real_estate_alone_there_is_no_Runify(string method, string path)
    {
        await using var realEstate = ReceiverHost.With(("Systems", "real_estate"));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        await (await realEstate.Client.SendAsync(request, TestContext.Current.CancellationToken)).ProblemAsync(HttpStatusCode.NotFound);
    }
}
