using TestSupport;

namespace Faults;

/// <summary>
/// Servers that a class of tests may stop, kill, freeze and restore: one MariaDB for the log, one for Storage's tables, one Kafka. A group
/// member that is frozen is given up after six seconds instead of Kafka's 45.
/// </summary>
public sealed class FaultServers : IAsyncLifetime
{
    private MariaDbServer? _log;
    private MariaDbServer? _tables;
    private KafkaServer? _kafka;
    private int _topics;

    public MariaDbServer LogServer => Have(_log, MariaDbServer.Missing);

    public MariaDbServer TableServer => Have(_tables, MariaDbServer.Missing);

    public KafkaServer Kafka => Have(_kafka, KafkaServer.Missing);

    public async ValueTask InitializeAsync()
    {
        if (MariaDbServer.Missing is not null || KafkaServer.Missing is not null)
            return;
        _log = new MariaDbServer();
        _tables = new MariaDbServer();
        _kafka = new KafkaServer(
            1,
            "num.partitions=4",
            "group.consumer.min.session.timeout.ms=1000",
            "group.consumer.session.timeout.ms=6000",
            "group.consumer.min.heartbeat.interval.ms=500",
            "group.consumer.heartbeat.interval.ms=1000"
        );
        await Task.WhenAll(_log.StartAsync(), _tables.StartAsync(), _kafka.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_kafka is not null)
            await _kafka.DisposeAsync();
        if (_log is not null)
            await _log.DisposeAsync();
        if (_tables is not null)
            await _tables.DisposeAsync();
    }

    /// <summary>A topic nobody has used.</summary>
    public string NewTopic() => $"events-{Interlocked.Increment(ref _topics)}";

    /// <summary>Processes on databases and a topic of their own; started when <paramref name="start"/>.</summary>
    public async Task<Deployment> DeployAsync(
        int receivers = 1,
        int storages = 1,
        string? topic = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        bool start = true,
        CommitCutter? firstReceiver = null,
        CommitCutter? firstStorage = null
    )
    {
        var deployment = await Deployment.CreateAsync(
            LogServer,
            Kafka.BootstrapServers,
            topic ?? NewTopic(),
            receivers,
            storages,
            settings,
            tableDatabase: await TableServer.NewDatabaseAsync("real_estate"),
            connectionOfReceiver: (index, direct) => index == 0 ? Through(firstReceiver, direct) : direct,
            connectionOfStorage: (index, direct) => index == 0 ? Through(firstStorage, direct) : direct
        );
        if (start)
            await deployment.StartAsync();
        return deployment;
    }

    private static string Through(CommitCutter? proxy, string direct) =>
        proxy is null ? direct : new MySqlConnector.MySqlConnectionStringBuilder(direct) { Port = (uint)proxy.Port }.ConnectionString;

    private static T Have<T>(T? server, string? missing)
        where T : class
    {
        if (server is null)
            Assert.Skip(missing ?? MariaDbServer.Missing ?? KafkaServer.Missing ?? "the servers did not start");
        return server;
    }
}
