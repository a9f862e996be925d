using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace Web.Tests;

/// <summary>A service behind the gateway whose answers a test gives, on an address that stays over restarts unless a test moves it.</summary>
internal sealed class StubService(RequestDelegate answer, int? port = null) : IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>The loopback address it listens on.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    public int Port { get; } = port ?? FreePort.Next();

    public Uri Url => new($"http://{Address}:{Port}");

    /// <summary>Method, path and query of each request, as the service saw them.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public static async Task<StubService> StartAsync(RequestDelegate answer)
    {
        var service = new StubService(answer);
        await service.StartAsync();
        return service;
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(Address, Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        _app = builder.Build();
        _app.Run(context =>
        {
            Requests.Enqueue(
                $"{context.Request.Method} {context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget}"
            );
            return answer(context);
        });
        await _app.StartAsync();
    }

    public async Task StopAsync()
    {
        if (_app is null)
            return;
        // At once: a stream that is still open would hold an orderly stop up.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
