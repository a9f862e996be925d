using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Web.Tests;

/// <summary>Contract section 11 and architecture section 5: what the gateway keeps to itself, in every spelling.</summary>
public sealed class ClosedRouteTests : IAsyncLifetime
{
    private StubService _service = null!;
    private WebHost _web = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await StubService.StartAsync(context =>
            context.Request.Path.StartsWithSegments("/health") ? Task.CompletedTask : context.Response.WriteAsync("let through")
        );
        _web = await WebHost.StartAsync(_service.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/storage/progress")]
    [InlineData("GET", "/analyzer/progress")]
    [InlineData("GET", "/anomaly_detector/progress")]
    [InlineData("GET", "/receiver/progress")]
    [InlineData("GET", "/processing/progress")]
    [InlineData("GET", "/consistency_check/progress")]
    [InlineData("HEAD", "/storage/progress")]
    [InlineData("GET", "/storage/progress/")]
    [InlineData("GET", "/storage/progress?x=1")]
    [InlineData("GET", "/STORAGE/Progress")]
    [InlineData("GET", "/storage//progress")]
    [InlineData("GET", "/storage/./progress")]
    [InlineData("GET", "/storage/site/../progress")]
    [InlineData("GET", "/storage/site/%2e%2e/progress")]
    [InlineData("GET", "/receiver/../storage/progress")]
    [InlineData("GET", "/storage/%70rogress")]
    [InlineData("GET", "/storage/%2570rogress")]
    [InlineData("GET", "/storage/%252570rogress")]
    [InlineData("GET", "/storage/%2Fprogress")]
    [InlineData("GET", "/storage/%5Cprogress")]
    [InlineData("GET", "/storage/progress%2F")]
    [InlineData("GET", "/storage/progress%2500")]
    [InlineData("GET", "/storage/progress;x=1")]
    [InlineData("GET", "/storage/progress%20")]
    [InlineData("GET", "/storage/storage/progress")]
    [InlineData("GET", "/%73torage/progress")]
    [InlineData("GET", "/receiver/log")]
    [InlineData("GET", "/receiver/log/0")]
    [InlineData("GET", "/receiver/log/0/17")]
    [InlineData("POST", "/receiver/log/nudge/0")]
    [InlineData("GET", "/Receiver/LOG/")]
    [InlineData("GET", "/receiver//log//0")]
    [InlineData("GET", "/receiver/%6Cog/0")]
    [InlineData("GET", "/receiver/site%2f..%2flog")]
    [InlineData("GET", "/storage/side/buckets")]
    [InlineData("GET", "/analyzer/side/buckets")]
    [InlineData("GET", "/analyzer/side")]
    [InlineData("POST", "/analyzer/Side/anything")]
    [InlineData("GET", "/consistency_check/side/x")]
    [InlineData("GET", "/anomaly/progress")]
    [InlineData("GET", "/anomaly/anomaly/progress")]
    [InlineData("GET", "/Anomaly/%70rogress")]
    [InlineData("GET", "/anomaly/side/last")]
    [InlineData("GET", "/check/check/progress")]
    [InlineData("GET", "/check/side/rows")]
    public async Task What_services_say_among_themselves_is_not_there(string method, string path)
    {
        var (status, type, body) = await SendAsync(method, path);

        status.Should().Be(404);
        type.Should().Be("application/problem+json");
        if (method != "HEAD")
            Keys(body).Should().Equal("type", "title", "detail", "status");
        Passed().Should().BeEmpty();
    }

    [Theory]
    [InlineData("POST", "/storage/site/listings")]
    [InlineData("POST", "/storage/site/bids")]
    [InlineData("POST", "/storage/site/bids/")]
    [InlineData("POST", "/Storage/Site/Listings")]
    [InlineData("POST", "/storage//site//listings")]
    [InlineData("POST", "/storage/%73ite/listings")]
    [InlineData("POST", "/storage/site%2Flistings")]
    [InlineData("POST", "/storage/./site/listings")]
    [InlineData("POST", "/receiver/../storage/site/listings")]
    [InlineData("POST", "/storage/storage/site/listings")]
    [InlineData("POST", "/storage/site/listings?x=1")]
    [InlineData("PUT", "/storage/site/listings")]
    [InlineData("PATCH", "/storage/site/listings")]
    [InlineData("DELETE", "/storage/site/listings/1")]
    [InlineData("ANYTHING", "/storage/site/listings")]
    public async Task Nobody_writes_to_storage_through_the_gateway(string method, string path)
    {
        var (status, type, body) = await SendAsync(method, path);

        status.Should().Be(403);
        type.Should().Be("application/problem+json");
        Keys(body).Should().Equal("type", "title", "detail", "status");
        Passed().Should().BeEmpty();
    }

    [Theory]
    [InlineData("GET", "/storage/site/listings")]
    [InlineData("HEAD", "/storage/site/listings")]
    [InlineData("OPTIONS", "/storage/site/listings")]
    [InlineData("POST", "/receiver/site/listings")]
    [InlineData("POST", "/receiver/site/events")]
    [InlineData("GET", "/receiver/logs")]
    [InlineData("GET", "/storage/site/progress")]
    [InlineData("GET", "/analyzer/progressive")]
    [InlineData("GET", "/analyzer/site/sides")]
    [InlineData("PUT", "/anomaly_detector/update")]
    [InlineData("POST", "/consistency_check/update")]
    [InlineData("POST", "/processing/hangfire/recurring/trigger")]
    [InlineData("GET", "/consistency_check/hangfire/jobs/log")]
    public async Task What_only_looks_alike_passes(string method, string path)
    {
        var (status, _, _) = await SendAsync(method, path);

        status.Should().Be(200);
        Passed().Should().Equal($"{method} {path}");
    }

    [Theory]
    [InlineData("/receiver%2Flog")]
    [InlineData("//receiver/log")]
    [InlineData("/x/../receiver%2Flog")]
    public async Task A_prefix_in_disguise_leads_nowhere(string path)
    {
        var (status, _, _) = await SendAsync("GET", path);

        status.Should().Be(404);
        Passed().Should().BeEmpty();
    }

    // The gateway asks for health, metrics and figures by itself.
    private IEnumerable<string> Passed() =>
        _service.Requests.Where(request =>
            !request.EndsWith("/health/ready", StringComparison.Ordinal)
            && !request.EndsWith("/metrics", StringComparison.Ordinal)
            && !request.EndsWith("/stats", StringComparison.Ordinal)
            && !request.EndsWith("/count", StringComparison.Ordinal)
        );

    private static IEnumerable<string> Keys(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(property => property.Name)];
    }

    // By hand, because a client library would tidy the path up before it is sent.
    private async Task<(int Status, string? ContentType, string Body)> SendAsync(string method, string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _web.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        );
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var reply = await reader.ReadToEndAsync();
        var end = reply.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = reply[..end].Split("\r\n");
        var type = head.FirstOrDefault(line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1].Trim();
        return (int.Parse(head[0].Split(' ')[1], null), type, reply[(end + 4)..]);
    }
}
