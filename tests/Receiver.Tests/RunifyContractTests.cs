using System.Net;
using System.Text;
using Contracts;
using KafkaMySql;
using static Receiver.Tests.Http;

namespace Receiver.Tests;

/// <summary>Section 2 of the Runify contract with Runify alone: what a table of requests and replies cannot say (Contract.Tests has that).</summary>
public sealed class RunifyContractTests(RunifyContractTests.Alone receiver) : IClassFixture<RunifyContractTests.Alone>
{
    [Fact]
    public async Task The_log_gets_the_bare_envelope_with_the_clients_own_numbers_and_times()
    {
        var traceId = await (await receiver.Host.Client.PostAsync("/stats/music", Song.Replace("180.5", "180.50"))).UuidAsync();

        var logged = receiver.Host.Log.Appended.Single(appended => appended.TraceId == traceId);
        Encoding
            .UTF8.GetString(logged.Value.Span)
            .Should()
            .MatchRegex("""^\{"type":"music_info","datetime":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d","payload":\{""")
            .And.EndWith($"\"song_duration\":180.50,\"timestamp\":\"2024-09-10T09:12:33.001Z\",\"trace_id\":\"{traceId}\"}}}}");
        Encoding.UTF8.GetString(logged.Key.Span).Should().Be("d999f1ee-6c54-4b01-90e6-d701748f0851");
        var message = Envelope.Read(logged.Value).Should().BeOfType<EnvelopeContent.Event>().Which.Message;
        logged.Digest.Should().Be(EventCatalog.MusicInfo.Digest(message));
    }

    [Fact]
    public async Task A_key_that_is_too_long_for_the_log_is_hashed_and_the_event_taken()
    {
        var user = new string('é', 250);

        var traceId = await (
            await receiver.Host.Client.PostAsync("/stats/running", Run.Replace("d290f1ee-6c54-4b01-90e6-d701748f0851", user))
        ).UuidAsync();

        receiver.Host.Log.Appended.Single(appended => appended.TraceId == traceId).Key.Length.Should().BeLessThan(64);
    }

    [Theory]
    [InlineData("/receiver/stats/running", Run)]
    [InlineData("/stats/music", Song)]
    public async Task The_probe_user_is_answered_201_and_nothing_is_recorded(string path, string body)
    {
        var before = receiver.Host.Log.Appended.Count;
        body = System.Text.RegularExpressions.Regex.Replace(body, "\"user_id\":\"[^\"]*\"", "\"user_id\":\"health-check\"");
        body = body.Replace("2024-09-10T09:12:33.001Z", "2024-09-10T09:12:33");

        using var reply = await receiver.Host.Client.PostAsync(path, body);

        reply.StatusCode.Should().Be(HttpStatusCode.Created);
        (await reply.TextAsync()).Should().BeEmpty();
        (
            await (
                await receiver.Host.Client.PostLinesAsync(
                    $"{{\"type\":\"{(path.EndsWith("music") ? "music_info" : "running_stats")}\",\"payload\":{body}}}"
                )
            ).LinesAsync()
        )
            .Should()
            .ContainSingle()
            .Which.Status.Should()
            .Be(201);
        receiver.Host.Log.Appended.Count.Should().Be(before);
        using var wrong = await receiver.Host.Client.PostAsync(path, "{\"user_id\":\"health-check\"}");
        wrong.StatusCode.Should().Be(HttpStatusCode.BadRequest, "a probe learns that it sends nonsense");
    }

    [Fact]
    public async Task The_batch_takes_the_types_of_the_system_that_is_on_and_no_others()
    {
        using var reply = await receiver.Host.Client.PostLinesAsync(
            $"{{\"type\":\"running_stats\",\"payload\":{Run}}}",
            $"{{\"type\":\"music_info\",\"payload\":{Song}}}",
            $"{{\"type\":\"listings\",\"payload\":{Listing}}}"
        );

        var lines = await reply.LinesAsync();
        lines.Select(line => line.Status).Should().Equal(201, 201, 400);
        lines[0].TraceId.Should().MatchRegex("^\"[0-9a-f-]{36}\"$");
        lines[2].Detail.Should().Be("'type' must be one of running_stats, music_info.");
    }

    [Fact]
    public async Task An_idempotency_key_goes_with_the_event()
    {
        var first = await (await receiver.Host.Client.PostAsync("/stats/running", Run, idempotencyKey: "k")).UuidAsync();

        receiver.Host.Log.Appended.Single(appended => appended.TraceId == first).Idempotency.Should().NotBeNull();
    }

    [Fact]
    public async Task What_is_not_durable_is_503_with_a_message()
    {
        await using var host = ReceiverHost.With(("Systems", "runify"));
        host.Log.Fails = _ => new LogUnavailableException("gone", inDoubt: false, TimeSpan.FromSeconds(2), null);

        using var reply = await host.Client.PostAsync("/stats/running", Run);

        reply.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await reply.TextAsync()).Should().Be("""{"message":"Failed to send event."}""");
        reply.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task The_probe_and_uuids_are_a_matter_of_settings()
    {
        await using var host = ReceiverHost.With(
            ("Systems", "runify"),
            ("Receiver:StrictUserIds", "true"),
            ("Receiver:ProbeUser", "monitor")
        );

        await (await host.Client.PostAsync("/stats/running", Run)).UuidAsync();
        (await (await host.Client.PostAsync("/stats/running", Run.Replace("d290f1ee", "nobody"))).ProblemAsync(HttpStatusCode.BadRequest))
            .Should()
            .Contain("'user_id' must be a UUID");
        (await host.Client.PostAsync("/stats/running", Run.Replace("d290f1ee-6c54-4b01-90e6-d701748f0851", "monitor")))
            .StatusCode.Should()
            .Be(HttpStatusCode.Created);
        host.Log.Appended.Should().ContainSingle();
    }

    [Fact]
    public async Task The_API_document_describes_both_bodies()
    {
        using var document = System.Text.Json.JsonDocument.Parse(await receiver.Host.Client.GetStringAsync("/receiver/openapi.json"));

        document
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .Select(path => path.Name)
            .Should()
            .Contain(["/stats/running", "/stats/music", "/check", "/site/events"])
            .And.NotContain("/site/listings");
    }

    /// <summary>The Receiver with Runify alone.</summary>
    public sealed class Alone : IAsyncDisposable
    {
        public ReceiverHost Host { get; } = ReceiverHost.With(("Systems", "runify"));

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
