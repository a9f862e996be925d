using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServiceDefaults;
using TestSupport;
using Web.Gateway;

namespace Web.Tests;

/// <summary>Contract section 11: prefixes, errors, streams, addresses.</summary>
public sealed class GatewayTests
{
    [Theory]
    [InlineData("services:receiver:url", "/receiver/site/listings")]
    [InlineData(
        "services:storage:url",
        "/storage/site/listings?start_timestamp=2026-01-01+00%3A00%3A00&end_timestamp=2026-01-02%2000:00:00"
    )]
    [InlineData("services:processing:url", "/processing/stats")]
    [InlineData("services:processing:url", "/processing/hangfire")]
    [InlineData("services:processing:url", "/processing/hangfire/jobs/enqueued?from=0&count=10")]
    [InlineData("services:analyzer:url", "/analyzer/site/bids?index=3")]
    [InlineData("services:analyzer:url", "/analyzer/stats/")]
    [InlineData("services:consistency:url", "/consistency_check/checks")]
    [InlineData("services:consistency:url", "/consistency_check/hangfire/")]
    [InlineData("services:anomalies:url", "/anomaly_detector/anomalies?event_type=bids")]
    [InlineData("services:storage:url", "/storage")]
    [InlineData("services:storage:url", "/storage/ui/")]
    public async Task Each_prefix_leads_to_its_service_with_path_and_query_as_they_came(string setting, string path)
    {
        await using var service = await StubService.StartAsync(context => context.Response.WriteAsync("here"));
        await using var elsewhere = await StubService.StartAsync(context => context.Response.WriteAsync("elsewhere"));
        await using var web = await WebHost.StartAsync(elsewhere.Url, $"{setting}={service.Url}");

        (await web.Client.GetStringAsync(new Uri(path, UriKind.Relative))).Should().Be("here");

        service.Requests.Should().Contain($"GET {path}");
    }

    [Theory]
    [InlineData("", "/analyzer/stats")]
    [InlineData("/", "/analyzer/stats")]
    [InlineData("/analyzer", "/analyzer/stats")]
    [InlineData("/analyzer/", "/analyzer/stats")]
    [InlineData("/behind/analyzer", "/behind/analyzer/stats")]
    public async Task An_address_may_have_the_base_path_that_other_services_need(string path, string asked)
    {
        await using var service = await StubService.StartAsync(context => context.Response.WriteAsync("here"));
        await using var web = await WebHost.StartAsync(service.Url, $"services:analyzer:url=http://127.0.0.1:{service.Port}{path}");

        (await web.Client.GetStringAsync("/analyzer/stats")).Should().Be("here");

        service.Requests.Should().Contain($"GET {asked}");
    }

    [Theory]
    [InlineData(404, "application/json", """{"message":"No message at index 5!"}""")]
    [InlineData(400, "application/problem+json", """{"type":"about:blank","title":"Bad Request","detail":"listing_id","status":400}""")]
    [InlineData(405, "application/problem+json", """{"type":"about:blank","title":"Method Not Allowed","detail":"x","status":405}""")]
    [InlineData(410, "application/problem+json", """{"type":"about:blank","title":"Gone","detail":"x","status":410}""")]
    [InlineData(429, "application/json", """{"message":"Too many"}""")]
    [InlineData(500, "application/problem+json", """{"type":"about:blank","title":"Internal Server Error","detail":"x","status":500}""")]
    [InlineData(502, "text/plain", "said by the service itself")]
    [InlineData(503, "application/json", """{"message":"Failed to send event."}""")]
    [InlineData(504, "application/json", "{}")]
    [InlineData(404, "application/json", "")]
    public async Task A_services_error_passes_as_it_is(int status, string type, string body)
    {
        await using var service = await StubService.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.Headers.RetryAfter = "7";
            return context.Response.WriteAsync(body);
        });
        await using var web = await WebHost.StartAsync(service.Url);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/analyzer/site/listings?index=5");
        request.Headers.Accept.ParseAdd("text/html");
        using var reply = await web.Client.SendAsync(request);

        ((int)reply.StatusCode).Should().Be(status);
        reply.Content.Headers.ContentType!.MediaType.Should().Be(type);
        reply.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(7));
        (await reply.Content.ReadAsStringAsync()).Should().Be(body);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_503_with_the_contracts_problem_document()
    {
        await using var web = await WebHost.StartAsync(new Uri($"http://127.0.0.1:{FreePort.Next()}"));

        using var reply = await web.Client.PostAsync("/receiver/site/listings", new StringContent("{}"));

        await ExpectProblemAsync(reply, HttpStatusCode.ServiceUnavailable, "receiver");
        reply.Headers.RetryAfter.Should().NotBeNull();
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_503_too()
    {
        await using var web = await WebHost.StartWithAsync(new Names(), "services:storage:url=http://storage.invalid:8090");

        using var reply = await web.Client.GetAsync("/storage/site/events/count");

        await ExpectProblemAsync(reply, HttpStatusCode.ServiceUnavailable, "storage");
    }

    [Fact]
    public async Task A_browser_that_opens_a_page_of_a_service_that_is_not_there_sees_a_page()
    {
        await using var web = await WebHost.StartAsync(new Uri($"http://127.0.0.1:{FreePort.Next()}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/processing/hangfire");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");

        using var reply = await web.Client.SendAsync(request);

        reply.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        (await reply.Content.ReadAsStringAsync()).Should().Be(await web.Client.GetStringAsync("/50x.html"));
    }

    [Fact]
    public async Task A_service_that_breaks_off_is_502_because_nobody_knows_what_it_did()
    {
        await using var service = await StubService.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var web = await WebHost.StartAsync(service.Url);

        using var reply = await web.Client.PostAsync("/receiver/site/listings", new StringContent("{}"));

        await ExpectProblemAsync(reply, HttpStatusCode.BadGateway, "receiver");
    }

    [Fact]
    public async Task A_service_that_says_nothing_is_504()
    {
        await using var service = await StubService.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var web = await WebHost.StartAsync(service.Url, "Gateway:ReplyTimeout=1s");

        using var reply = await web.Client.GetAsync("/consistency_check/checks");

        await ExpectProblemAsync(reply, HttpStatusCode.GatewayTimeout, "consistency_check");
    }

    [Fact]
    public async Task A_stream_reaches_the_client_event_by_event()
    {
        var goOn = new SemaphoreSlim(0);
        await using var service = await StubService.StartAsync(async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/analyzer/tail"))
                return;
            context.Response.ContentType = "text/event-stream";
            for (var i = 1; i <= 3; i++)
            {
                await context.Response.WriteAsync($"id: {i}\ndata: {i}\n\n");
                await context.Response.Body.FlushAsync();
                // The next is sent only when the client has this one: a gateway that collects would wait for ever.
                await goOn.WaitAsync(context.RequestAborted);
            }
        });
        await using var web = await WebHost.StartAsync(service.Url);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        using var reply = await web.Client.GetAsync("/analyzer/tail", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var reader = new StreamReader(await reply.Content.ReadAsStreamAsync(limit.Token));
        var lines = new List<string?>();
        for (var i = 1; i <= 3; i++)
        {
            for (var line = 0; line < 3; line++)
                lines.Add(await reader.ReadLineAsync(limit.Token));
            goOn.Release();
        }

        lines.Where(line => line!.StartsWith("data", StringComparison.Ordinal)).Should().Equal("data: 1", "data: 2", "data: 3");
    }

    [Fact]
    public async Task A_stream_that_was_left_ends_at_the_service_too()
    {
        var left = new TaskCompletionSource();
        await using var service = await StubService.StartAsync(async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/analyzer/tail"))
                return;
            context.RequestAborted.Register(left.SetResult);
            await context.Response.WriteAsync(": here\n\n");
            await context.Response.Body.FlushAsync();
            await left.Task;
        });
        await using var web = await WebHost.StartAsync(service.Url);

        using (await web.Client.GetAsync("/analyzer/tail", HttpCompletionOption.ResponseHeadersRead)) { }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_service_started_again_at_another_address_is_found()
    {
        var names = new Names { ["storage.test"] = [IPAddress.Loopback] };
        await using var service = await StubService.StartAsync(context =>
            context.Response.WriteAsync($"{context.Connection.LocalIpAddress}")
        );
        await using var web = await WebHost.StartWithAsync(names, $"services:storage:url=http://storage.test:{service.Port}");
        (await web.Client.GetStringAsync("/storage/site/events/count")).Should().Be("127.0.0.1");

        await service.StopAsync();
        service.Address = IPAddress.Parse("127.0.0.2");
        await service.StartAsync();
        names["storage.test"] = [service.Address];

        (await web.Client.GetStringAsync("/storage/site/events/count")).Should().Be("127.0.0.2");
    }

    [Fact]
    public async Task Of_several_addresses_those_that_answer_are_used_and_share_the_work()
    {
        var second = IPAddress.Parse("127.0.0.2");
        var names = new Names { ["receiver.test"] = [IPAddress.Loopback, second, IPAddress.Parse("127.0.0.3")] };
        await using var one = await StubService.StartAsync(context => Slowly(context, "one"));
        await using var two = new StubService(context => Slowly(context, "two"), one.Port) { Address = second };
        await two.StartAsync();
        await using var web = await WebHost.StartWithAsync(names, $"services:receiver:url=http://receiver.test:{one.Port}");

        // At the same time, so that each needs a connection of its own.
        var replies = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => web.Client.GetStringAsync("/receiver/x")));

        replies.Distinct().Order().Should().Equal("one", "two");

        static async Task Slowly(HttpContext context, string name)
        {
            await Task.Delay(200);
            await context.Response.WriteAsync(name);
        }
    }

    [Fact]
    public async Task A_body_may_be_as_large_as_the_service_allows()
    {
        const int Size = 40 * 1024 * 1024;
        await using var service = await StubService.StartAsync(async context =>
        {
            long length = 0;
            var buffer = new byte[81920];
            while (await context.Request.Body.ReadAsync(buffer) is var read and > 0)
                length += read;
            await context.Response.WriteAsync($"{length}");
        });
        await using var web = await WebHost.StartAsync(service.Url);

        using var reply = await web.Client.PostAsync("/receiver/site/events", new ByteArrayContent(new byte[Size]));

        (await reply.Content.ReadAsStringAsync()).Should().Be($"{Size}");
    }

    [Fact]
    public async Task The_service_learns_who_really_asked()
    {
        await using var service = await StubService.StartAsync(context =>
            context.Response.WriteAsync($"{context.Request.Headers["X-Forwarded-For"]}")
        );
        await using var web = await WebHost.StartAsync(service.Url);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/processing/hangfire");
        request.Headers.Add("X-Forwarded-For", "10.1.2.3");

        using var reply = await web.Client.SendAsync(request);

        (await reply.Content.ReadAsStringAsync()).Should().Be("127.0.0.1", "what a client says of itself counts for nothing");
    }

    [Theory]
    [InlineData("/hangfire", "/processing/hangfire")]
    [InlineData("/hangfire/", "/processing/hangfire")]
    [InlineData("/hangfire/jobs/failed", "/processing/hangfire/jobs/failed")]
    public async Task The_short_way_to_the_jobs_leads_to_processing(string path, string target)
    {
        await using var web = await WebHost.StartAsync(new Uri("http://127.0.0.1:1"));

        using var reply = await web.Client.GetAsync(new Uri(path, UriKind.Relative));

        reply.StatusCode.Should().Be(HttpStatusCode.Redirect);
        reply.Headers.Location!.OriginalString.Should().Be(target);
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("no", false)]
    public async Task Other_origins_are_let_in_only_by_the_setting_and_told_so_once(string setting, bool allowed)
    {
        await using var service = await StubService.StartAsync(context =>
        {
            if (allowed)
                context.Response.Headers.AccessControlAllowOrigin = "*";
            return context.Response.WriteAsync("x");
        });
        await using var web = await WebHost.StartAsync(service.Url, $"CORS_ALLOW_ALL={setting}");
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/receiver/site/listings");
        ask.Headers.Add("Origin", "http://elsewhere.test");
        ask.Headers.Add("Access-Control-Request-Method", "POST");
        ask.Headers.Add("Access-Control-Request-Headers", "content-type");
        using var get = new HttpRequestMessage(HttpMethod.Get, "/processing/stats");
        get.Headers.Add("Origin", "http://elsewhere.test");

        using var preflight = await web.Client.SendAsync(ask);
        using var reply = await web.Client.SendAsync(get);

        foreach (var one in new[] { preflight, reply })
        {
            one.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins);
            (origins ?? []).Should().Equal(allowed ? ["*"] : Array.Empty<string>());
            one.Headers.Contains("Access-Control-Allow-Credentials").Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("services:receiver:url=receiver:8080")]
    [InlineData("services:storage:url=ftp://storage")]
    [InlineData("Gateway:ReplyTimeout=0s")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting)
    {
        var start = async () => await WebHost.StartWithAsync(names: null, setting);

        (await start.Should().ThrowAsync<SettingException>()).WithMessage($"Setting {setting.Split('=')[0]} is '*': it must be *.");
    }

    [Fact]
    public async Task It_is_ready_while_services_are_away_and_names_them()
    {
        await using var service = await StubService.StartAsync(context =>
            context.Response.WriteAsync("""{"status":"Healthy","dependencies":{}}""")
        );
        await using var web = await WebHost.StartAsync(service.Url, $"services:analyzer:url=http://127.0.0.1:{FreePort.Next()}");

        await Eventually.HoldsAsync(
            async () =>
            {
                using var reply = await web.Client.GetAsync("/health/ready");
                var text = await reply.Content.ReadAsStringAsync();
                return reply.IsSuccessStatusCode && text.Contains("analyzer: It does not answer.", StringComparison.Ordinal);
            },
            "health names the analyzer and is ready"
        );
    }

    private static async Task ExpectProblemAsync(HttpResponseMessage reply, HttpStatusCode status, string named)
    {
        reply.StatusCode.Should().Be(status);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        using var problem = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        problem.RootElement.EnumerateObject().Select(property => property.Name).Should().Equal("type", "title", "detail", "status");
        problem.RootElement.GetProperty("type").GetString().Should().Be("about:blank");
        problem.RootElement.GetProperty("status").GetInt32().Should().Be((int)status);
        problem.RootElement.GetProperty("detail").GetString().Should().Contain(named);
    }

    private sealed class Names : Dictionary<string, IPAddress[]>, IUpstreamNames
    {
        public Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken) =>
            TryGetValue(host, out var addresses)
                ? Task.FromResult(addresses.ToArray())
                : Task.FromException<IPAddress[]>(new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound));
    }
}
