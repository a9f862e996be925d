using System.Net;
using KafkaMySql;
using static Receiver.Tests.Http;

namespace Receiver.Tests;

public sealed class NotDurableTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1.2);

    private readonly ReceiverHost _receiver = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Theory]
    [InlineData("full", 429)]
    [InlineData("backlog", 503)]
    [InlineData("unavailable", 503)]
    public async Task What_is_not_durable_is_never_201(string reason, int status)
    {
        _receiver.Log.Fails = _ => Failure(reason);

        var reply = await _receiver.Client.PostAsync("/site/listings", Listing);

        ((int)reply.StatusCode).Should().Be(status);
        (await reply.TextAsync()).Should().Be("""{"message":"Failed to send event."}""");
        reply.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        reply.Headers.RetryAfter!.ToString().Should().Be("2");
    }

    [Fact]
    public async Task Doubt_is_said()
    {
        _receiver.Log.Fails = _ => Failure("doubt");

        var reply = await _receiver.Client.PostAsync("/site/bids", Bid);

        reply.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await reply.TextAsync()).Should().Contain("Failed to send event.").And.Contain("unknown").And.Contain("Idempotency-Key");
        reply.Headers.RetryAfter.Should().NotBeNull();
    }

    [Fact]
    public async Task Without_trace_ids_nothing_is_accepted_but_mistakes_are_still_named()
    {
        _receiver.Log.NoTraceIds = new LogUnavailableException("No lease.", false, Soon, null);

        (await _receiver.Client.PostAsync("/site/bids", Bid)).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        await (await _receiver.Client.PostAsync("/site/bids", Listing)).ProblemAsync(HttpStatusCode.BadRequest);
        var batch = await _receiver.Client.PostLinesAsync(Line(Bid), "{}");
        batch.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await batch.LinesAsync()).Select(line => line.Status).Should().Equal(503, 400);
    }

    [Fact]
    public async Task A_used_key_with_another_body_is_a_conflict()
    {
        _receiver.Log.Fails = _ => new IdempotencyConflictException("The idempotency key was used with another body.");

        (await (await _receiver.Client.PostAsync("/site/bids", Bid, idempotencyKey: "k")).ProblemAsync(HttpStatusCode.UnprocessableEntity))
            .Should()
            .Contain("another body");
    }

    [Fact]
    public async Task What_the_log_can_never_hold_is_the_clients_mistake()
    {
        _receiver.Log.Fails = _ => new LogEventRefusedException("The event is too large.");

        (await (await _receiver.Client.PostAsync("/site/bids", Bid)).ProblemAsync(HttpStatusCode.BadRequest))
            .Should()
            .Be("The event is too large.");
    }

    [Fact]
    public async Task A_batch_says_of_every_line_whether_it_is_durable()
    {
        var events = 0;
        _receiver.Log.Fails = _ =>
            ++events switch
            {
                1 => null,
                2 => Failure("full"),
                3 => Failure("doubt"),
                _ => new IdempotencyConflictException("Another body."),
            };

        var reply = await _receiver.Client.PostLinesAsync(Line(Bid), "{}", Line(Bid), Line(Bid), Line(Bid));

        reply.StatusCode.Should().Be(HttpStatusCode.OK);
        var lines = await reply.LinesAsync();
        lines.Select(line => line.Status).Should().Equal(201, 400, 503, 503, 422);
        lines[2].Detail.Should().Be("Failed to send event.");
        lines[3].Detail.Should().Contain("unknown");
    }

    [Fact]
    public async Task A_batch_of_which_nothing_is_durable_is_503_and_bad_lines_stay_bad()
    {
        _receiver.Log.Fails = _ => Failure("backlog");

        var reply = await _receiver.Client.PostLinesAsync(Line(Bid), "{}", Line(Bid));

        reply.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        reply.Headers.RetryAfter!.ToString().Should().Be("2");
        (await reply.LinesAsync()).Select(line => line.Status).Should().Equal(503, 400, 503);
    }

    [Fact]
    public async Task A_batch_of_nothing_but_bad_lines_is_200()
    {
        _receiver.Log.Fails = _ => Failure("backlog");

        var reply = await _receiver.Client.PostLinesAsync("{}", "x");

        reply.StatusCode.Should().Be(HttpStatusCode.OK);
        (await reply.LinesAsync()).Select(line => line.Status).Should().Equal(400, 400);
    }

    private static EventLogException Failure(string reason) =>
        reason switch
        {
            "full" => new LogQueueFullException("The queue is full.", Soon),
            "backlog" => new LogBacklogException("Kafka lacks too much.", Soon),
            "doubt" => new LogUnavailableException("The database went away during a commit.", true, Soon, null),
            _ => new LogUnavailableException("The database cannot be reached.", false, Soon, null),
        };

    private static string Line(string bid) => $$"""{"type":"bids","payload":{{bid}}}""";
}
