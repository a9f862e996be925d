using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace KafkaRider.Tests;

/// <summary>An application with a bus and a rider, as a user would write it.</summary>
internal sealed class RiderApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private bool _isStarted;

    private RiderApp(ServiceProvider services)
    {
        _services = services;
        Log = services.GetRequiredService<LogLines>();
    }

    public IServiceProvider Services => _services;

    public IBusControl Bus => _services.GetRequiredService<IBusControl>();

    public LogLines Log { get; }

    public static RiderApp Create(Action<IServiceCollection> services, Action<IRiderRegistrationConfigurator> rider)
    {
        var collection = new ServiceCollection();
        var lines = new LogLines();
        collection.AddSingleton(lines);
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(lines));
        services(collection);
        collection.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider);
        });
        return new RiderApp(collection.BuildServiceProvider());
    }

    public static async Task<RiderApp> StartAsync(Action<IServiceCollection> services, Action<IRiderRegistrationConfigurator> rider)
    {
        var app = Create(services, rider);
        await app.StartAsync();
        return app;
    }

    public async Task StartAsync()
    {
        // A container of a former test must not log for this one.
        LogContext.ConfigureCurrentLogContext(_services.GetRequiredService<ILoggerFactory>());
        _isStarted = true;
        await Bus.StartAsync(TestContext.Current.CancellationToken);
    }

    public async Task StopAsync()
    {
        if (!_isStarted)
            return;
        _isStarted = false;
        await Bus.StopAsync(TimeSpan.FromSeconds(30));
    }

    public BusHealthResult Health() => Bus.CheckHealth();

    public EndpointHealthResult HealthOf(string topic) =>
        Health().Endpoints.Single(endpoint => endpoint.Key.Contains(topic, StringComparison.Ordinal)).Value;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            foreach (var line in Log.All.Where(each => each.Level >= LogLevel.Information))
                TestContext.Current.TestOutputHelper?.WriteLine($"{line.Level} {line.Text}");
            await _services.DisposeAsync();
        }
    }
}
