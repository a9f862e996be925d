using System.Net;
using System.Text;
using Contracts;
using KafkaMySql;
using static Receiver.Tests.Http;

namespace Receiver.Tests;

/// <summary>Section 2 of the Runify contract, row by row, with Runify alone.</summary>
public sealed class RunifyContractTests(RunifyContractTests.Alone receiver) : IClassFixture<RunifyContractTests.Alone>
{
    private static readonly string LongName = new('é', 250);

    /// <summary>Section and case, method and path, body, status, and what the reply or the detail says.</summary>
    public static TheoryData<string, string, string, string?, int, string> Routes =>
        new()
        {
            { "2: a run", "POST", "/receiver/stats/running", Run, 201, "" },
            { "1: short form", "POST", "/stats/running", Run, 201, "" },
            { "1: a slash at the end", "POST", "/receiver/stats/running/", Run, 201, "" },
            { "2: a song", "POST", "/receiver/stats/music", Song, 201, "" },
            { "1: short form, song", "POST", "/stats/music", Song, 201, "" },
            { "2: user id that is no uuid", "POST", "/stats/running", Run.Replace("d290f1ee", "nobody"), 201, "" },
            { "2: 250 characters", "POST", "/stats/music", Song.Replace("Run Boy Run", LongName), 201, "" },
            { "2: 251 characters", "POST", "/stats/music", Song.Replace("Run Boy Run", LongName + "x"), 400, "'song_name'" },
            { "2: any timestamp", "POST", "/stats/running", Run.Replace("2024-09-10T09:12:33.001Z", "yesterday"), 201, "" },
            { "2: a number as timestamp", "POST", "/stats/running", Run.Replace("\"2024-09-10T09:12:33.001Z\"", "1"), 400, "'timestamp'" },
            { "2: a text as number", "POST", "/stats/running", Run.Replace("3600", "\"3600\""), 400, "'duration'" },
            { "2: a number as text", "POST", "/stats/music", Song.Replace("\"Woodkid\"", "7"), 400, "'artist'" },
            { "2: null", "POST", "/stats/running", Run.Replace("5000.25", "null"), 400, "'distance'" },
            { "2: a field is missing", "POST", "/stats/running", Run.Replace("\"distance\":5000.25,", ""), 400, "'distance' is required" },
            { "2: no object", "POST", "/stats/running", "[]", 400, "" },
            { "2: no body", "POST", "/stats/music", "", 400, "" },
            { "2: unknown property", "POST", "/stats/running", "{\"x\":1," + Run[1..], 201, "" },
            { "2: unknown parameter", "POST", "/stats/running?x=1", Run, 400, "x" },
            { "2: a client's own trace id", "POST", "/stats/running", "{\"trace_id\":\"mine\"," + Run[1..], 201, "" },
            { "2: liveness", "GET", "/receiver/check", null, 200, "" },
            { "1: liveness, short form", "GET", "/check", null, 200, "" },
            { "2: another method", "GET", "/receiver/stats/running", null, 405, "" },
            { "1: API document", "GET", "/receiver/openapi.json", null, 200, "" },
            { "1: API page", "GET", "/receiver/ui/", null, 200, "" },
            { "the other system", "POST", "/receiver/site/listings", Listing, 404, "" },
        };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_row_of_the_contract_is_answered_as_it_says(
        string section,
        string method,
        string path,
        string? body,
        int status,
        string says
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var reply = await receiver.Host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var text = await reply.TextAsync();
        ((int)reply.StatusCode).Should().Be(status, $"{section}: {text}");
        if (status >= 400)
            (await reply.ProblemAsync((HttpStatusCode)status))
                .Contains(says, StringComparison.Ordinal)
                .Should()
                .BeTrue($"{section}: {text}");
        else if (status == 201)
            await reply.UuidAsync();
        else if (path.EndsWith("/check"))
            text.Should().BeEmpty(section);
    }

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

    [Theory]
    [InlineData("/receiver/stats/running", "text/plain", 415)]
    [InlineData("/stats/music", "application/x-www-form-urlencoded", 415)]
    [InlineData("/stats/music", "application/json; charset=utf-8", 201)]
    [InlineData("/receiver/stats/running", null, 201)]
    public async Task A_body_is_JSON_or_says_nothing(string path, string? contentType, int status)
    {
        using var reply = await receiver.Host.Client.PostAsync(path, path.EndsWith("music") ? Song : Run, contentType);

        ((int)reply.StatusCode).Should().Be(status);
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
