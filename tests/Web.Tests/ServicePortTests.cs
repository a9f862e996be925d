using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServiceDefaults;
using TestSupport;

namespace Web.Tests;

/// <summary>The services' own ports at the gateway: passed on as they are, with the same routes closed.</summary>
public sealed class ServicePortTests
{
    [Fact]
    public async Task A_services_port_leads_to_it_with_or_without_its_prefix()
    {
        await using var service = await StubService.StartAsync(context => context.Response.WriteAsync("here"));
        await using var elsewhere = await StubService.StartAsync(context => context.Response.WriteAsync("elsewhere"));
        var (own, second) = (FreePort.Next(), FreePort.Next());
        await using var web = await WebHost.StartAsync(
            elsewhere.Url,
            $"Gateway:ServicePorts={own}=receiver,{second}=analyzer:{service.Url.Port}",
            $"services:receiver:url={service.Url}receiver"
        );
        using var client = new HttpClient();

        (await client.GetStringAsync(new Uri($"http://127.0.0.1:{own}/site/listings?x=%2F1"))).Should().Be("here");
        (await client.GetStringAsync(new Uri($"http://127.0.0.1:{own}/receiver/site/listings"))).Should().Be("here");
        (await client.GetStringAsync(new Uri($"http://127.0.0.1:{second}/stats"))).Should().Be("here");
        (await web.Client.GetStringAsync(new Uri("/analyzer/stats", UriKind.Relative))).Should().Be("elsewhere");

        service
            .Requests.Where(request => request is not ("GET /health/ready" or "GET /metrics"))
            .Should()
            .Equal("GET /site/listings?x=%2F1", "GET /receiver/site/listings", "GET /stats");
    }

    [Theory]
    [InlineData("storage", "POST", "/site/listings", 403)]
    [InlineData("storage", "POST", "/storage/site/listings", 403)]
    [InlineData("storage", "DELETE", "/%73ite/listings", 403)]
    [InlineData("storage", "GET", "/progress", 404)]
    [InlineData("analyzer", "GET", "/analyzer/progress", 404)]
    [InlineData("analyzer", "GET", "/side/last", 404)]
    [InlineData("receiver", "GET", "/log/0", 404)]
    [InlineData("receiver", "POST", "/receiver/log/nudge/0", 404)]
    public async Task What_the_gateway_keeps_closed_is_closed_there_too(string name, string method, string path, int status)
    {
        await using var service = await StubService.StartAsync(context => context.Response.WriteAsync("let through"));
        var port = FreePort.Next();
        await using var web = await WebHost.StartAsync(service.Url, $"Gateway:ServicePorts={port}={name}");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{port}{path}");

        using var reply = await client.SendAsync(request);

        ((int)reply.StatusCode).Should().Be(status);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task A_service_that_is_away_is_503_there_too()
    {
        var port = FreePort.Next();
        await using var web = await WebHost.StartAsync(
            new Uri($"http://127.0.0.1:{FreePort.Next()}"),
            $"Gateway:ServicePorts={port}=processing"
        );
        using var client = new HttpClient();

        using var reply = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/stats"));

        reply.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        using var problem = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("detail").GetString().Should().Contain("processing");
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("8080=nobody")]
    [InlineData("0=receiver")]
    [InlineData("8080=receiver,8080=storage")]
    [InlineData("8080=receiver:70000")]
    [InlineData("8080=receiver:1:2")]
    public async Task A_wrong_list_stops_the_start(string list)
    {
        var start = () => WebHost.StartAsync(new Uri("http://127.0.0.1:1"), $"Gateway:ServicePorts={list}");

        (await start.Should().ThrowAsync<SettingException>()).WithMessage("*Gateway:ServicePorts*port=service*");
    }
}
