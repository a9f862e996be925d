using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults;
using TestSupport;
using Web.Gateway;

namespace Web.Tests;

/// <summary>The gateway and dashboard in this process, over real HTTP.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _logs;

    private WebHost(WebApplication app, TemporaryFolder logs)
    {
        _app = app;
        _logs = logs;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>With every service at <paramref name="upstream"/>.</summary>
    public static Task<WebHost> StartAsync(Uri upstream, params string[] settings) =>
        StartWithAsync(null, [.. Upstream.All.Select(service => $"{service.Setting.Name}={upstream}"), .. settings]);

    public static async Task<WebHost> StartWithAsync(IUpstreamNames? names, params string[] settings)
    {
        var logs = new TemporaryFolder();
        var builder = ServiceHost.CreateBuilder([
            "--Server:Address=127.0.0.1",
            "--Server:Port=0",
            $"--Logs:Folder={logs.Path}",
            .. settings.Select(setting => "--" + setting),
        ]);
        if (names is not null)
            builder.Services.AddSingleton(names);
        var app = WebService.Build(builder);
        await app.StartAsync();
        return new WebHost(app, logs);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _logs.Dispose();
    }
}
