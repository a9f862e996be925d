using KafkaMySql;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace Receiver.Tests;

/// <summary>The Receiver over real HTTP with a log that fails on demand.</summary>
public sealed class ReceiverHost : IAsyncDisposable
{
    private readonly TemporaryFolder _logs = new();
    private readonly Factory _factory;

    public ReceiverHost()
        : this([]) { }

    private ReceiverHost((string Name, string Value)[] settings)
    {
        _factory = new Factory(
            Log,
            [
                ("Server:Address", "127.0.0.1"),
                ("Server:Port", "0"),
                ("Logs:Folder", _logs.Path),
                // Nobody listens there: what needs a database or a broker has its own tests.
                ("ConnectionStrings:MySql", "Server=127.0.0.1;Port=1;User ID=nobody"),
                ("Kafka:BootstrapServers", "127.0.0.1:1"),
                .. settings,
            ]
        );
        _factory.UseKestrel(0);
        _factory.StartServer();
        var addresses = _factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Client = new HttpClient { BaseAddress = new Uri(addresses.First()) };
    }

    internal ScriptedLog Log { get; } = new();

    public HttpClient Client { get; }

    /// <summary>What stands in the service's log file so far.</summary>
    public string LogText
    {
        get
        {
            using var file = new FileStream(Path.Combine(_logs.Path, "receiver.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return new StreamReader(file).ReadToEnd();
        }
    }

    public IServiceProvider Services => _factory.Services;

    public static ReceiverHost With(params (string Name, string Value)[] settings) => new(settings);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
        _logs.Dispose();
    }

    private sealed class Factory(ScriptedLog log, (string Name, string Value)[] settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
            builder.ConfigureTestServices(services => services.AddSingleton<IEventLog>(log).AddSingleton<ITraceIdSource>(log));
        }
    }
}
