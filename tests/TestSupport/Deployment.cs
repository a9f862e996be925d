using System.Globalization;
using MySqlConnector;

namespace TestSupport;

/// <summary>Receivers and their readers as processes of their own, on given servers, with databases of their own.</summary>
public sealed class Deployment : IAsyncDisposable
{
    private readonly TemporaryFolder _logs = new();

    private Deployment(string log, string tables)
    {
        LogDatabase = log;
        TableDatabase = tables;
    }

    /// <summary>Connection string of the Receivers' database.</summary>
    public string LogDatabase { get; }

    /// <summary>Connection string of the Storages' database.</summary>
    public string TableDatabase { get; }

    /// <summary>The Receiver processes.</summary>
    public List<ServiceProcess> Receivers { get; } = [];

    /// <summary>The Storage processes.</summary>
    public List<ServiceProcess> Storages { get; } = [];

    /// <summary>The Analyzer processes, which share a database.</summary>
    public List<ServiceProcess> Analyzers { get; } = [];

    /// <summary>The Anomalies processes, which share a database.</summary>
    public List<ServiceProcess> Anomalies { get; } = [];

    /// <summary>Where the processes write their logs.</summary>
    public string LogFolder => _logs.Path;

    /// <summary>Every process.</summary>
    public IEnumerable<ServiceProcess> All => [.. Receivers, .. Storages, .. Analyzers, .. Anomalies];

    /// <summary>Prepares processes with databases of their own on <paramref name="database"/>; starts none.</summary>
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
        int anomalies = 0
    )
    {
        var deployment = new Deployment(
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
            deployment.Storages.Add(new ServiceProcess("Storage", own, deployment.LogFolder));
        }
        await AddAsync(deployment.Analyzers, "Analyzer", "analyzer", analyzers);
        await AddAsync(deployment.Anomalies, "Anomalies", "anomalies", anomalies);
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
            deployment.Receivers.Add(new ServiceProcess("Receiver", own, deployment.LogFolder));
        }
        return deployment;

        async Task AddAsync(List<ServiceProcess> processes, string project, string prefix, int count)
        {
            if (count == 0)
                return;
            var own = new Dictionary<string, string?>(common)
            {
                ["ConnectionStrings__MySql"] = await database.NewDatabaseAsync(prefix),
                ["datastore__filename"] = Path.Combine(deployment.LogFolder, $"{prefix}.json"),
            };
            for (var i = 0; i < count; i++)
                processes.Add(new ServiceProcess(project, own, deployment.LogFolder));
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(All.Select(process => process.DisposeAsync().AsTask()));
        _logs.Dispose();
    }
}
