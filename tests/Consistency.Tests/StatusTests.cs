using System.Net;
using System.Text.Json;
using Consistency.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace Consistency.Tests;

/// <summary>Section 8 of the Runify contract, row by row, in front of four services that answer as a test says.</summary>
public sealed class StatusTests(MariaDbFixture fixture)
{
    private const string Counts = """{"num_running_stats":6,"num_music_info":4}""";

    /// <summary>Case, which service, what it answers (status 0: nothing at all), and what is said of it.</summary>
    public static TheoryData<string, string, int, string, string> Replies =>
        new()
        {
            { "8: healthy", "receiver", 200, "", "Healthy" },
            { "8: counts", "storage", 200, Counts, "Storage has 6 runs and 4 songs" },
            { "8: counts", "processing", 200, Counts, "Processing has 6 runs and 4 songs" },
            {
                "8: counts",
                "analyzer",
                200,
                """{"Listings":1,"num_running_stats":0,"num_music_info":12}""",
                "Analyzer has 0 runs and 12 songs"
            },
            { "8: an error", "receiver", 503, "", "Unavailable" },
            { "8: not counted yet", "processing", 404, """{"message":"Statistics do not exist"}""", "Unavailable" },
            { "8: keys are missing", "storage", 200, """{"num_running_stats":6}""", "Unavailable" },
            { "8: no numbers", "analyzer", 200, """{"num_running_stats":"6","num_music_info":"4"}""", "Unavailable" },
            { "8: no JSON", "storage", 200, "<html>", "Unavailable" },
            { "8: no object", "analyzer", 200, "[]", "Unavailable" },
            { "8: too late", "processing", 0, "", "Unavailable" },
        };

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task What_a_service_answers_is_told_and_does_not_touch_what_is_said_of_the_others(
        string section,
        string service,
        int status,
        string body,
        string said
    )
    {
        await using var services = await Services.StartAsync();
        services.Answers[service] = (status, body);
        await using var check = await StartAsync(services, "timeout:seconds=0.3");

        var found = await FirstAsync(check, "/check/check");

        found.GetProperty(service).GetString().Should().Be(said, section);
        found
            .EnumerateObject()
            .Where(other => other.Name != service)
            .Select(other => other.Value.GetString())
            .Should()
            .NotContain("Unavailable", section);
        found.EnumerateObject().Select(key => key.Name).Should().Equal("receiver", "storage", "processing", "analyzer");
    }

    [Fact]
    public async Task Nothing_is_posted_and_the_time_of_the_round_is_kept()
    {
        await using var services = await Services.StartAsync();
        await using var check = await StartAsync(services, "schedule:period_sec=1");

        var found = await FirstAsync(check, "/check");

        using var reply = await check.Client.GetAsync("/check/check");
        reply.Content.Headers.LastModified.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(5));
        var file = JsonDocument.Parse(await File.ReadAllTextAsync(check.Document)).RootElement;
        file.EnumerateObject().Select(key => key.Name).Should().Equal("receiver", "storage", "processing", "analyzer", "last_updated");
        file.GetProperty("storage").GetString().Should().Be(found.GetProperty("storage").GetString());
        services.Answers["storage"] = (200, """{"num_running_stats":7,"num_music_info":4}""");
        await Eventually.HoldsAsync(
            async () => (await check.JsonAsync("/check")).GetProperty("storage").GetString() == "Storage has 7 runs and 4 songs",
            "the next round says what is true then"
        );
        services
            .Asked.Distinct()
            .Order()
            .Should()
            .Equal("GET /analyzer/stats", "GET /processing/stats", "GET /receiver/check", "GET /storage/stats");
    }

    [Fact]
    public async Task Before_the_first_round_there_is_no_status()
    {
        await using var services = await Services.StartAsync();
        services.Answers["storage"] = (0, "");
        await using var check = await StartAsync(services, "timeout:seconds=30");

        using var reply = await check.Client.GetAsync("/check/check");

        reply.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await reply.Content.ReadAsStringAsync()).Should().Be("""{"message":"Status not found"}""");
        services.Answers["storage"] = (200, Counts);
    }

    [Fact]
    public async Task The_whole_addresses_of_the_original_are_understood()
    {
        await using var services = await Services.StartAsync();
        services.Answers["elsewhere"] = (200, """{"num_running_stats":1,"num_music_info":2}""");
        await using var check = await StartAsync(
            services,
            $"services:analyzer={services.Url}/elsewhere/stats",
            $"services:receiver={services.Url}/receiver/stats/running"
        );

        var found = await FirstAsync(check, "/check");

        found.GetProperty("analyzer").GetString().Should().Be("Analyzer has 1 runs and 2 songs");
        found.GetProperty("receiver").GetString().Should().Be("Healthy");
        services.Asked.Should().Contain("GET /receiver/check", "the original posts there, and this does not");
    }

    [Fact]
    public async Task With_real_estate_alone_there_is_no_check()
    {
        await using var services = await Services.StartAsync();
        await using var check = await StartAsync(services, "Systems=real_estate");

        foreach (var path in new[] { "/check", "/check/check" })
            (await check.Client.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.NotFound, path);
        services.Asked.Should().BeEmpty();
    }

    private Task<ConsistencyHost> StartAsync(Services services, params string[] settings) =>
        ConsistencyHost.StartAsync(
            fixture.Server,
            $"{services.Url}/storage",
            $"{services.Url}/analyzer",
            $"{services.Url}/receiver",
            $"{services.Url}/processing",
            ["Systems=runify", .. settings]
        );

    private static async Task<JsonElement> FirstAsync(ConsistencyHost check, string path)
    {
        await Eventually.HoldsAsync(() => check.Services.GetRequiredService<StatusRounds>().Latest is not null, "a round is over");
        return await check.JsonAsync(path);
    }

    private sealed class Services : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Services(WebApplication app) => _app = app;

        public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        public System.Collections.Concurrent.ConcurrentDictionary<string, (int Status, string Body)> Answers { get; } =
            new()
            {
                ["receiver"] = (200, ""),
                ["storage"] = (200, Counts),
                ["processing"] = (200, Counts),
                ["analyzer"] = (200, Counts),
            };

        public System.Collections.Concurrent.ConcurrentBag<string> Asked { get; } = [];

        public static async Task<Services> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
            var services = new Services(builder.Build());
            services._app.MapFallback(services.AnswerAsync);
            await services._app.StartAsync();
            return services;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync(new CancellationToken(canceled: true));
            await _app.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext context)
        {
            Asked.Add($"{context.Request.Method} {context.Request.Path}");
            var service = context.Request.Path.Value!.Split('/')[1];
            var (status, body) = Answers[service];
            if (status == 0)
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
        }
    }
}
