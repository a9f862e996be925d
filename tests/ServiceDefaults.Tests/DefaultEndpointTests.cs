using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ServiceDefaults.Tests;

public sealed class DefaultEndpointTests
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/health")]
    [InlineData("/sample/health")]
    [InlineData("/sample/health/ready")]
    public async Task Health_answers_under_both_path_forms(string path)
    {
        await using var service = await SampleService.StartAsync();

        using var health = JsonDocument.Parse(await service.Main.GetStringAsync(path));

        health.RootElement.GetProperty("status").GetString().Should().Be("Healthy");
    }

    [Fact]
    public async Task A_dependency_that_fails_makes_the_service_not_ready_by_name_while_it_lives()
    {
        await using var service = await SampleService.StartAsync(configure: builder =>
            builder.Services.AddReadyCheck<BrokenCheck>("database")
        );

        (await service.Main.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
        var reply = await service.Main.GetAsync("/health/ready");

        reply.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        using var health = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        var database = health.RootElement.GetProperty("dependencies").GetProperty("database");
        database.GetProperty("status").GetString().Should().Be("Unhealthy");
        database.GetProperty("description").GetString().Should().Be("The database is away.");
        health.RootElement.GetProperty("dependencies").GetProperty("service").GetProperty("status").GetString().Should().Be("Healthy");
    }

    [Fact]
    public async Task Metrics_of_requests_and_of_the_runtime_are_there_in_prometheus_form()
    {
        await using var service = await SampleService.StartAsync(app => app.MapGet("/things", () => "things"));
        await service.Main.GetStringAsync("/things");
        await service.Main.GetStringAsync("/health");

        var metrics = await service.Main.GetStringAsync("/sample/metrics");

        metrics.Should().Contain("http_server_request_duration_seconds_count").And.Contain("http_route=\"/things\"").And.Contain("dotnet_");
        metrics
            .Split('\n')
            .Where(line => line.StartsWith("http_server_request_duration"))
            .Should()
            .NotContain(line => line.Contains("/health"));
    }

    [Fact]
    public async Task The_api_document_is_openapi_3_1_and_knows_the_routes()
    {
        await using var service = await SampleService.StartAsync(app => app.MapGet("/things", () => "things"));

        using var document = JsonDocument.Parse(await service.Main.GetStringAsync("/sample/openapi.json"));

        document.RootElement.GetProperty("openapi").GetString().Should().StartWith("3.1");
        document.RootElement.GetProperty("paths").TryGetProperty("/things", out _).Should().BeTrue();
        document.RootElement.GetProperty("servers")[0].GetProperty("url").GetString().Should().Be("/sample");
        (await service.Main.GetAsync("/openapi.json")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/ui/")]
    [InlineData("/ui")]
    [InlineData("/sample/ui/")]
    [InlineData("/sample/ui")]
    public async Task The_api_page_loads_nothing_from_elsewhere(string path)
    {
        await using var service = await SampleService.StartAsync();

        var page = await service.Main.GetStringAsync(path);

        page.Should().Contain("<script").And.Contain("\"openapi.json\"").And.NotContain("https://").And.NotContain("\"//");
        (await service.Main.GetAsync(path.TrimEnd('/') + "/scalar.js")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("no", false)]
    [InlineData("true", false)]
    public async Task Other_origins_may_call_only_when_it_was_switched_on_by_the_word_yes(string value, bool allowed)
    {
        await using var service = await SampleService.StartAsync(
            app => app.MapGet("/things", () => "things"),
            null,
            $"CORS_ALLOW_ALL={value}"
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sample/things");
        request.Headers.Add("Origin", "http://elsewhere.example");

        var reply = await service.Main.SendAsync(request);

        reply.Headers.Contains("Access-Control-Allow-Origin").Should().Be(allowed);
        reply.Headers.Contains("Access-Control-Allow-Credentials").Should().BeFalse();
    }

    [Fact]
    public async Task A_preflight_request_is_answered_when_origins_are_allowed()
    {
        await using var service = await SampleService.StartAsync(
            app => app.MapPost("/things", () => "made").AcceptsJson(),
            null,
            "CORS_ALLOW_ALL=yes"
        );
        using var request = new HttpRequestMessage(HttpMethod.Options, "/sample/things");
        request.Headers.Add("Origin", "http://elsewhere.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type");

        var reply = await service.Main.SendAsync(request);

        reply.IsSuccessStatusCode.Should().BeTrue();
        reply.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal("*");
    }

    private sealed class BrokenCheck : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(HealthCheckResult.Unhealthy("The database is away."));
    }
}
