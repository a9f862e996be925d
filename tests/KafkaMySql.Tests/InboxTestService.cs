using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>A service with an inbox, as somebody would write one: settings, a decoder, tables, and a line in the rider's configuration.</summary>
internal sealed class InboxTestService : IAsyncDisposable
{
    private readonly IHost _host;

    private InboxTestService(IHost host, LogLines log)
    {
        _host = host;
        Log = log;
    }

    public LogLines Log { get; }

    public InboxWriter Writer => _host.Services.GetRequiredService<InboxWriter>();

    public IInboxProgress Progress => _host.Services.GetRequiredService<IInboxProgress>();

    public static async Task<InboxTestService> StartAsync(
        InboxTestTopic topic,
        string connectionString,
        string consumer = "storage",
        string tables = "events"
    )
    {
        var log = new LogLines();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Inbox:ConnectionString"] = connectionString,
                ["Inbox:Consumer"] = consumer,
                ["Inbox:Topic"] = topic.Name,
                ["Inbox:Group"] = $"{topic.Name}-{consumer}",
            }
        );
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddMySqlInbox(options =>
        {
            options.Decoder = InboxTestMessage.Decoder("ab");
            options.Tables[1] = new InboxTestTable($"{tables}_a");
            options.Tables[2] = new InboxTestTable($"{tables}_b");
        });
        builder.Services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
                rider.UsingKafka(
                    (context, kafka) =>
                    {
                        kafka.Host(topic.Servers);
                        kafka.StartTimeout = TimeSpan.FromSeconds(2);
                        kafka.MySqlInbox(context);
                    }
                )
            );
        });
        var host = builder.Build();
        await host.StartAsync();
        return new InboxTestService(host, log);
    }

    public async Task<HealthReportEntry> HealthAsync()
    {
        var report = await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "inbox");
        return report.Entries["inbox"];
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
