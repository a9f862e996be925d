using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Analyzer.Tests;

/// <summary>The other services, over real HTTP: each path answers what it was told, and anything else 404.</summary>
internal sealed class StubServices : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Dictionary<string, Func<HttpContext, Task>> _answers = [];

    private StubServices()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(context =>
        {
            if (_answers.TryGetValue(context.Request.Path.Value!, out var answer))
                return answer(context);
            context.Response.StatusCode = 404;
            context.Response.ContentType = "application/problem+json";
            return context.Response.WriteAsync("{}");
        });
    }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The settings that lead to the stubs.</summary>
    public string[] Settings =>
        [
            $"services:receiver:url={Address}/receiver",
            $"services:storage:url={Address}/storage",
            $"services:processing:url={Address}/processing",
            $"services:consistency:url={Address}/consistency_check",
            $"services:anomalies:url={Address}/anomaly_detector",
        ];

    public static async Task<StubServices> StartAsync()
    {
        var stub = new StubServices();
        await stub._app.StartAsync();
        return stub;
    }

    public void Answer(string path, string json, int status = 200) =>
        _answers[path] = context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(json);
        };

    /// <summary>Never answers.</summary>
    public void Hang(string path) => _answers[path] = context => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
