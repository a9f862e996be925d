namespace TestSupport;

/// <summary>A Storage without a topic, whose rows a test writes itself.</summary>
public sealed class StorageProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _logs = new();
    private readonly ServiceProcess _process;

    private StorageProcess(string connectionString)
    {
        Rows = new StoredRows(connectionString);
        _process = new ServiceProcess(
            "Storage",
            new Dictionary<string, string?>
            {
                ["ConnectionStrings__MySql"] = connectionString,
                ["Kafka__BootstrapServers"] = $"127.0.0.1:{FreePort.Next()}",
                ["Kafka__GroupProtocol"] = "consumer",
            },
            _logs.Path
        );
    }

    /// <summary>What is in its tables.</summary>
    public StoredRows Rows { get; }

    /// <summary>Its address with the base path.</summary>
    public string Url => $"{_process.Address}storage";

    /// <summary>The process, to end and to start it.</summary>
    public ServiceProcess Process => _process;

    /// <summary>Starts one on a database of its own and waits until that can be used.</summary>
    public static async Task<StorageProcess> StartAsync(DatabaseServer server)
    {
        var storage = new StorageProcess(await server.NewDatabaseAsync("real_estate"));
        await storage.StartAsync();
        return storage;
    }

    /// <summary>Starts it (again).</summary>
    public async Task StartAsync()
    {
        await _process.StartAsync();
        using var http = new HttpClient();
        await Eventually.HoldsAsync(
            async () =>
                (await http.GetAsync(new Uri($"{Url}/progress"))).IsSuccessStatusCode
                && (await http.GetAsync(new Uri($"{Url}/site/bids?limit=1"))).IsSuccessStatusCode,
            "Storage answers"
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _logs.Dispose();
    }
}
