using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>Event log and relay as one process would run them; several may live side by side.</summary>
internal sealed class LogProcess : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _running = [];
    private readonly LogLines _lines = new();

    private LogProcess(Action<OutboxOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging(logging => logging.AddProvider(_lines).SetMinimumLevel(LogLevel.Debug));
        services.AddMySqlEventLog(configure);
        _services = services.BuildServiceProvider();
    }

    public IEventLog Log => Get<IEventLog>();

    public ITraceIdSource TraceIds => Get<ITraceIdSource>();

    public EventLogSnapshot State => Get<EventLogState>().Read();

    public IReadOnlyList<LogLines.Line> Lines => _lines.All;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static async Task<LogProcess> StartAsync(string connectionString, Action<OutboxOptions>? configure = null)
    {
        var process = new LogProcess(options =>
        {
            options.ConnectionString = connectionString;
            // Nobody listens there: a log without Kafka accepts all the same.
            options.BootstrapServers = "127.0.0.1:1";
            options.Relay = false;
            configure?.Invoke(options);
        });
        try
        {
            foreach (var service in process._services.GetServices<IHostedService>())
            {
                await service.StartAsync(CancellationToken.None);
                process._running.Add(service);
            }
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return process;
    }

    public Task<LogReceipt> AppendAsync(string key, string value, IdempotencyKey? idempotency = null) =>
        Log.AppendAsync(Event(key, value, idempotency), TestContext.Current.CancellationToken);

    public static LogEvent Event(string key, string value, IdempotencyKey? idempotency = null) =>
        new()
        {
            TraceId = Guid.CreateVersion7().ToString(),
            TypeId = 1,
            Key = Encoding.UTF8.GetBytes(key),
            Value = Encoding.UTF8.GetBytes(value),
            Digest = System.IO.Hashing.XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(value)),
            Headers = [new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"u8.ToArray())],
            Idempotency = idempotency,
        };

    /// <summary>The orderly end.</summary>
    public async Task StopAsync()
    {
        for (var index = _running.Count - 1; index >= 0; index--)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await _running[index].StopAsync(limit.Token);
        }

        _running.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
    }
}
