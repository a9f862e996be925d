using System.Globalization;
using MySqlConnector;

namespace TestSupport;

/// <summary>Receivers and their readers as processes of their own, on given servers, with databases of their own.</summary>
public sealed class Deployment : IPlatform, IAsyncDisposable
{
    private readonly TemporaryFolder _logs = new();

    private Deployment(string bootstrapServers, string topic, string log, string tables)
    {
        BootstrapServers = bootstrapServers;
        Topic = topic;
        LogDatabase = log;
        TableDatabase = tables;
    }

    /// <inheritdoc/>
    public Uri Gateway => Gateways[0].Address;

    /// <inheritdoc/>
    public string BootstrapServers { get; }

    /// <inheritdoc/>
    public string Topic { get; }

    /// <inheritdoc/>
    public string LogDatabase { get; }

    /// <inheritdoc/>
    public string TableDatabase { get; }

    /// <summary>Connection string of the Analyzers' database; null without one.</summary>
    public string? AnalyzerDatabase { get; private set; }

    /// <summary>Connection string of the Anomalies' database; null without one.</summary>
    public string? AnomaliesDatabase { get; private set; }

    /// <summary>Connection string of the Processings' database; null without one.</summary>
    public string? ProcessingDatabase { get; private set; }

    /// <summary>Connection string of the Consistencies' database; null without one.</summary>
    public string? ConsistencyDatabase { get; private set; }

    /// <summary>The Receiver processes.</summary>
    public List<ServiceProcess> Receivers { get; } = [];

    /// <summary>The Storage processes.</summary>
    public List<ServiceProcess> Storages { get; } = [];

    /// <summary>The Analyzer processes, which share a database.</summary>
    public List<ServiceProcess> Analyzers { get; } = [];

    /// <summary>The Anomalies processes, which share a database.</summary>
    public List<ServiceProcess> Anomalies { get; } = [];

    /// <summary>The Processing processes, which share a database.</summary>
    public List<ServiceProcess> Processings { get; } = [];

    /// <summary>The Consistency processes, which share a database.</summary>
    public List<ServiceProcess> Consistencies { get; } = [];

    /// <summary>The gateways with the dashboard.</summary>
    public List<ServiceProcess> Gateways { get; } = [];

    /// <summary>Where the processes write their logs.</summary>
    public string LogFolder => _logs.Path;

    /// <summary>Every process.</summary>
    public IEnumerable<ServiceProcess> All =>
        [.. Receivers, .. Storages, .. Analyzers, .. Anomalies, .. Processings, .. Consistencies, .. Gateways];

    /// <summary>Prepares one process of every service, each with a database of its own on <paramref name="database"/>; starts none.</summary>
    public static Task<Deployment> CreateWholeAsync(
        DatabaseServer database,
        string bootstrapServers,
        string topic,
        IReadOnlyDictionary<string, string?>? settings = null,
        Func<int, string, string>? connectionOfReceiver = null
    ) =>
        CreateAsync(
            database,
            bootstrapServers,
            topic,
            settings: settings,
            connectionOfReceiver: connectionOfReceiver,
            analyzers: 1,
            anomalies: 1,
            processings: 1,
            consistencies: 1,
            gateways: 1
        );

    /// <summary>
    /// Prepares processes with databases of their own on <paramref name="database"/>; starts none. They are this repository's, unless
    /// <paramref name="source"/> is a folder like it.
    /// </summary>
    public static async Task<Deployment> CreateAsync(
        DatabaseServer database,
        string bootstrapServers,
        string topic,
        int receivers = 1,
        int storages = 1,
        IReadOnlyDictionary<string, string?>? settings = null,
        string? logDatabase = null,
        string? tableDatabase = null,
        Func<int, string, string>? connectionOfReceiver = null,
        Func<int, string, string>? connectionOfStorage = null,
        int analyzers = 0,
        int anomalies = 0,
        int processings = 0,
        int consistencies = 0,
        int gateways = 0,
        string? source = null
    )
    {
        var deployment = new Deployment(
            bootstrapServers,
            topic,
            logDatabase ?? await database.NewDatabaseAsync("receiver"),
            tableDatabase ?? await database.NewDatabaseAsync("real_estate")
        );
        var common = new Dictionary<string, string?>
        {
            ["Kafka__BootstrapServers"] = bootstrapServers,
            ["Kafka__Topic"] = topic,
            ["Kafka__Partitions"] = "4",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
            common[name] = value;
        for (var i = 0; i < storages; i++)
        {
            var own = new Dictionary<string, string?>(common)
            {
                ["ConnectionStrings__MySql"] = connectionOfStorage?.Invoke(i, deployment.TableDatabase) ?? deployment.TableDatabase,
            };
            deployment.Storages.Add(new ServiceProcess("Storage", own, deployment.LogFolder, source));
        }
        var ofNeighbours = new List<Dictionary<string, string?>>();
        if (analyzers > 0)
            deployment.AnalyzerDatabase = await AddAsync(deployment.Analyzers, "Analyzer", "analyzer", analyzers);
        if (anomalies > 0)
            deployment.AnomaliesDatabase = await AddAsync(deployment.Anomalies, "Anomalies", "anomalies", anomalies);
        if (processings > 0)
            deployment.ProcessingDatabase = await AddAsync(deployment.Processings, "Processing", "processing", processings);
        if (consistencies > 0)
            deployment.ConsistencyDatabase = await AddAsync(deployment.Consistencies, "Consistency", "consistency", consistencies);
        var ofGateways = new Dictionary<string, string?>(common);
        ofNeighbours.Add(ofGateways);
        for (var i = 0; i < gateways; i++)
            deployment.Gateways.Add(new ServiceProcess("Web", ofGateways, deployment.LogFolder, source));
        // Any process of a reader answers for the database they share.
        (string Name, ServiceProcess? Process, string BasePath)[] readers =
        [
            ("storage", deployment.Storages.FirstOrDefault(), "storage"),
            ("analyzer", deployment.Analyzers.FirstOrDefault(), "analyzer"),
            ("anomalies", deployment.Anomalies.FirstOrDefault(), "anomaly_detector"),
        ];
        for (var i = 0; i < receivers; i++)
        {
            var own = new Dictionary<string, string?>(common)
            {
                ["ConnectionStrings__MySql"] = connectionOfReceiver?.Invoke(i, deployment.LogDatabase) ?? deployment.LogDatabase,
            };
            foreach (var (index, reader) in readers.Where(reader => reader.Process is not null).Index())
            {
                own.TryAdd($"Outbox__Readers__{index}__Name", reader.Name);
                own.TryAdd($"Outbox__Readers__{index}__Url", $"{reader.Process!.Address}{reader.BasePath}");
            }
            deployment.Receivers.Add(new ServiceProcess("Receiver", own, deployment.LogFolder, source));
        }
        // Known only now, and read only when a process is started.
        (string Name, ServiceProcess? Process, string BasePath)[] neighbours =
        [
            ("receiver", deployment.Receivers.FirstOrDefault(), "receiver"),
            .. readers,
            ("processing", deployment.Processings.FirstOrDefault(), "processing"),
            ("consistency", deployment.Consistencies.FirstOrDefault(), "consistency_check"),
        ];
        foreach (var own in ofNeighbours)
        foreach (var neighbour in neighbours.Where(neighbour => neighbour.Process is not null))
            own.TryAdd($"services__{neighbour.Name}__url", $"{neighbour.Process!.Address}{neighbour.BasePath}");
        return deployment;

        async Task<string> AddAsync(List<ServiceProcess> processes, string project, string prefix, int count)
        {
            var connectionString = await database.NewDatabaseAsync(prefix);
            var own = new Dictionary<string, string?>(common)
            {
                ["ConnectionStrings__MySql"] = connectionString,
                ["datastore__filename"] = Path.Combine(deployment.LogFolder, $"{prefix}.json"),
            };
            ofNeighbours.Add(own);
            for (var i = 0; i < count; i++)
                processes.Add(new ServiceProcess(project, own, deployment.LogFolder, source));
            return connectionString;
        }
    }

    /// <summary>Starts every process and waits until all are ready.</summary>
    public async Task StartAsync(TimeSpan? within = null)
    {
        await Task.WhenAll(All.Select(process => process.StartAsync()));
        await Task.WhenAll(All.Select(process => process.ReadyAsync(within)));
    }

    /// <summary>Reads one column of one query as text.</summary>
    public static async Task<List<string>> ColumnAsync(string connectionString, string sql)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 120 };
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return values;
    }

    /// <summary>Runs statements on a connection of their own.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(All.Select(process => process.DisposeAsync().AsTask()));
        _logs.Dispose();
    }
}
