using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ServiceDefaults.Tests;

/// <summary>A service with two listeners that has nothing but the defaults and the routes a test gives it, over real HTTP.</summary>
internal sealed class SampleService : IAsyncDisposable
{
    private static readonly Setting<int?> SecondPort = new(
        "Server:SecondPort",
        new("a port", (string text, out int? value) => (value = int.Parse(text, null)) is not null),
        0,
        "The second listener's port."
    );

    public static readonly ServiceIdentity Identity = new()
    {
        Name = "sample",
        Listeners = [new ServiceListener("main", "/sample", 0), new ServiceListener("second", "/other", 0, SecondPort)],
        RunifyBasePath = "/second",
        Database = "sample",
    };

    private readonly string _logs;

    private SampleService(WebApplication app, string logs)
    {
        App = app;
        _logs = logs;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Main = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        Second = new HttpClient { BaseAddress = new Uri(addresses[1]) };
    }

    public WebApplication App { get; }

    public HttpClient Main { get; }

    public HttpClient Second { get; }

    public string LogFile => Path.Combine(_logs, "sample.log");

    public static async Task<SampleService> StartAsync(
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? configure = null,
        params string[] settings
    )
    {
        var logs = Directory.CreateTempSubdirectory("sample-logs").FullName;
        var builder = ServiceHost.CreateBuilder([
            "--Server:Address=127.0.0.1",
            "--Server:Port=0",
            $"--Logs:Folder={logs}",
            .. settings.Select(setting => "--" + setting),
        ]);
        builder.AddServiceDefaults(Identity);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync();
        return new SampleService(app, logs);
    }

    public async ValueTask DisposeAsync()
    {
        Main.Dispose();
        Second.Dispose();
        await App.DisposeAsync();
        Directory.Delete(_logs, recursive: true);
    }
}
