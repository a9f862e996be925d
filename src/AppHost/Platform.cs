using System.Diagnostics;
using MassTransit.Kafka.Extensions;

namespace AppHost;

/// <summary>Everything that runs on this machine: database, broker and services, started side by side and stopped in order.</summary>
internal sealed class Platform(HostOptions options, Leftovers leftovers) : IAsyncDisposable
{
    private static readonly TimeSpan ServiceGrace = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan ServerGrace = TimeSpan.FromSeconds(30);

    private readonly List<Supervised> _services = [];
    private readonly List<Supervised> _servers = [];
    private PrivateMariaDb? _mariaDb;
    private EmbeddedKafka? _embedded;

    public Service Receiver { get; } = new("receiver", "Receiver", options.ReceiverPort, "Ports__Receiver", "receiver");

    public Service Storage { get; } =
        new("storage", "Storage", options.StoragePort, "Ports__Storage", options.RealEstate ? "real_estate" : "events");

    public Service Analyzer { get; } =
        new("analyzer", "Analyzer", options.AnalyzerPort, "Ports__Analyzer", "analyzer")
        {
            Runify = options.RunifyAnalyzerPort is { } port ? new(port, "Ports__RunifyAnalyzer", "/analyzer") : null,
        };

    public Service Anomalies { get; } =
        new(
            "anomalies",
            "Anomalies",
            options.AnomaliesPort,
            "Ports__Anomalies",
            "anomalies",
            options.RealEstate ? "/anomaly_detector" : "/anomaly"
        )
        {
            Runify = options.RunifyAnomaliesPort is { } port ? new(port, "Ports__RunifyAnomalies", "/anomaly") : null,
        };

    public Service Processing { get; } = new("processing", "Processing", options.ProcessingPort, "Ports__Processing", "processing");

    public Service Consistency { get; } =
        new(
            "consistency",
            "Consistency",
            options.ConsistencyPort,
            "Ports__Consistency",
            "consistency",
            options.RealEstate ? "/consistency_check" : "/check"
        )
        {
            Runify = options.RunifyCheckPort is { } port ? new(port, "Ports__RunifyCheck", "/check") : null,
        };

    public Service Web { get; } = new("web", "Web", options.WebPort, "Ports__Web", Database: null, Path: "");

    // The gateway last: what it leads to is there before it.
    private Service[] Services => [Receiver, Storage, Analyzer, Anomalies, Processing, Consistency, Web];

    /// <summary>Who must have every event of the log.</summary>
    private Service[] Readers => [Storage, Analyzer, Anomalies];

    private string LogFolder => Path.Combine(options.DataFolder, "logs");

    /// <summary>Starts everything, prints the table and returns when every service says it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        CheckPorts();
        Directory.CreateDirectory(LogFolder);
        // Nothing waits for anything else: services start without their dependencies and find them when they are there.
        var database = StartDatabaseAsync(cancellationToken);
        var broker = StartBrokerAsync(cancellationToken);
        await Task.WhenAll(database, broker);
        foreach (var service in Services)
            Supervise(_services, ServiceSpec(service, await database, await broker));
        PrintTable(await broker);
        await Task.WhenAll(Services.Select(service => Readiness.WaitAsync(service, cancellationToken)));
        Steps.Say($"Ready in {Steps.Seconds(clock.Elapsed)}. Ctrl-C stops everything.");
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_services.Select(service => service.StopAsync(ServiceGrace)));
        await Task.WhenAll(_servers.Select(server => server.StopAsync(ServerGrace)));
        _embedded?.Dispose();
        _services.Concat(_servers).ToList().ForEach(process => process.Dispose());
    }

    private void CheckPorts()
    {
        foreach (var service in Services)
        foreach (var (port, setting) in service.Ports)
            PortCheck.Require(port, service.Name, setting);
        if (options.Database is null)
            PortCheck.Require(options.MySqlPort, "database", "Ports__MySql");
        if (!options.RealKafka)
            return;
        PortCheck.Require(options.KafkaPort, "Kafka broker", "Ports__Kafka");
        PortCheck.Require(options.KafkaPort + 1, "Kafka controller (one above Ports__Kafka)", "Ports__Kafka");
    }

    private async Task<string> StartDatabaseAsync(CancellationToken cancellationToken)
    {
        if (options.Database is { } given)
            return given;
        var server = _mariaDb = new PrivateMariaDb(
            options.DataFolder,
            options.MySqlPort,
            [.. Services.Select(service => service.Database).OfType<string>()]
        );
        await Steps.RunAsync(
            "MariaDB: preparing its data folder",
            async () => Supervise(_servers, await server.PrepareAsync(LogFolder, cancellationToken))
        );
        _ = Steps.RunAsync("MariaDB: starting", () => server.WaitUntilItAnswersAsync(cancellationToken));
        return server.ConnectionString;
    }

    private async Task<string> StartBrokerAsync(CancellationToken cancellationToken)
    {
        if (options.BootstrapServers is { } given)
            return given;
        if (options.RealKafka)
        {
            var kafka = new PrivateKafka(options.DataFolder, LogFolder, options.KafkaPort);
            await Steps.RunAsync("Kafka: preparing", async () => Supervise(_servers, await kafka.PrepareAsync(cancellationToken)));
            return kafka.BootstrapServers;
        }
        _embedded = new EmbeddedKafka();
        _embedded.CreateTopic(options.Topic, options.Partitions);
        return _embedded.BootstrapServers;
    }

    private void Supervise(List<Supervised> group, ChildSpec spec)
    {
        var supervised = new Supervised(spec, LogFolder, leftovers);
        lock (group)
            group.Add(supervised);
        supervised.Start();
    }

    private ChildSpec ServiceSpec(Service service, string database, string broker)
    {
        var environment = new Dictionary<string, string>
        {
            ["Server__Port"] = $"{service.Port}",
            ["Server__RunifyPort"] = service.Runify is { } door ? $"{door.Port}" : "off",
            ["Kafka__BootstrapServers"] = broker,
            ["Kafka__Topic"] = options.Topic,
            ["Kafka__Partitions"] = $"{options.Partitions}",
            ["Logs__Folder"] = LogFolder,
            ["EXIT_WITH_PARENT"] = "1",
        };
        if (service.Database is not null)
            environment["ConnectionStrings__MySql"] = $"{database.TrimEnd(';')};Database={service.Database}";
        if (service == Receiver)
        {
            environment["Outbox__Url"] = Receiver.Local;
            foreach (var (index, reader) in Readers.Index())
            {
                environment[$"Outbox__Readers__{index}__Name"] = reader.Name;
                environment[$"Outbox__Readers__{index}__Url"] = reader.Local;
            }
        }
        foreach (var other in Services.Where(other => other != Web))
            environment[$"services__{other.Name}__url"] = other.Local;
        environment["datastore__filename"] = Path.Combine(options.DataFolder, service.Name, "data.json");
        environment["check__filename"] = Path.Combine(options.DataFolder, "check", "data.json");
        environment["Systems"] = options.Systems;
        if (_embedded is not null)
        {
            // It answers a request that found nothing only when its time is over, also when a record has come meanwhile.
            Default("Kafka__FetchWait", "20ms");
            // It drops what is over 5 MiB a partition, read or not: the relay stays within that.
            Default("Outbox__MaxLeadRows", "8000");
            Default("Outbox__MaxLeadBytes", $"{3 * 1024 * 1024}");
        }
        return new ChildSpec(service.Name, Checkout.Executable(service.Project), [], environment, WatchesParent: true);

        // What the user set holds.
        void Default(string name, string value)
        {
            if (Environment.GetEnvironmentVariable(name) is null)
                environment[name] = value;
        }
    }

    private void PrintTable(string broker)
    {
        foreach (var service in Services.Where(service => service != Web))
        {
            Steps.Say($"  {service.Name, -11} {service.Address, -40} documentation {service.Address}/ui/");
            if (service.Runify is { } door)
                Steps.Say($"  {"", -11} {door.Address, -40} the same as Runify's contract has it");
        }
        Steps.Say($"  {Web.Name, -11} {Web.Address + "/", -40} dashboard, and every service under its prefix");
        Steps.Say(
            _mariaDb is null
                ? $"  {"mysql", -11} as ConnectionStrings__MySql says"
                : $"  {"mysql", -11} {$"127.0.0.1:{options.MySqlPort}", -40} user events, password in {Relative(_mariaDb.PasswordFile)}"
        );
        Steps.Say(
            $"  {"kafka", -11} {broker, -40} {(_embedded is null ? "" : "embedded, in memory; what it loses the event log sends again")}"
        );
        Steps.Say($"  {"logs", -11} {Relative(LogFolder)}");
    }

    private static string Relative(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);
}
