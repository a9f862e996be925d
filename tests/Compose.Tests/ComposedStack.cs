using MySqlConnector;
using TestSupport;

namespace Compose.Tests;

/// <summary>The stack of <c>compose.yaml</c> under a name and on ports of its own, built from this checkout.</summary>
public sealed class ComposedStack : IPlatform, IAsyncLifetime
{
    private const string RootPassword = "only-for-this-test";

    private static readonly string[] Ports =
    [
        "HTTP_PORT",
        "RECEIVER_PORT",
        "STORAGE_PORT",
        "PROCESSING_PORT",
        "ANALYZER_PORT",
        "CONSISTENCY_PORT",
        "ANOMALY_PORT",
        "RUNIFY_ANALYZER_PORT",
        "RUNIFY_ANOMALY_PORT",
        "RUNIFY_CHECK_PORT",
        "MYSQL_PORT",
        "KAFKA_PORT",
    ];

    private static int _stacks;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, int> _ports = Ports.ToDictionary(name => name, _ => FreePort.Next());
    private readonly string _address;
    private readonly string[] _settings;
    private readonly string _project = $"compose-test-{Environment.ProcessId}-{Interlocked.Increment(ref _stacks)}";
    private bool _startedEngine;

    /// <summary>The stack as its files say.</summary>
    public ComposedStack()
        : this("127.0.0.1") { }

    /// <summary>The stack with its services' ports at an address of this machine, and further lines of <c>.env</c>, such as <c>SYSTEMS=runify</c>.</summary>
    internal ComposedStack(string address, params string[] settings)
    {
        _address = address;
        _settings = [$"BIND_ADDRESS={address}", .. settings];
    }

    /// <summary>Why it does not run; null when it does.</summary>
    public string? Missing { get; private set; }

    /// <summary>What clients were promised, over all tests.</summary>
    public Journal Journal { get; } = new();

    /// <inheritdoc/>
    public Uri Gateway => new($"http://127.0.0.1:{_ports["HTTP_PORT"]}/");

    /// <inheritdoc/>
    public string BootstrapServers => $"localhost:{_ports["KAFKA_PORT"]}";

    /// <inheritdoc/>
    public string Topic => "events";

    /// <inheritdoc/>
    public string LogDatabase => Database("receiver");

    /// <inheritdoc/>
    public string TableDatabase => Database("real_estate");

    private string EnvironmentFile => Path.Combine(_folder.Path, "stack.env");

    /// <summary>The address of a service's published port.</summary>
    public Uri At(string port) => new($"http://{_address}:{_ports[port]}/");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        (_startedEngine, Missing) = await Docker.StartAsync();
        if (Missing is not null)
            return;
        await File.WriteAllLinesAsync(
            EnvironmentFile,
            [$"MYSQL_ROOT_PASSWORD={RootPassword}", .. _ports.Select(port => $"{port.Key}={port.Value}"), .. _settings]
        );
        await UpAsync("--build");
    }

    /// <summary><c>docker compose up</c>, until every service is healthy.</summary>
    public Task UpAsync(params string[] options) => ComposeAsync(["up", "--detach", "--wait", "--wait-timeout", "420", .. options]);

    /// <summary><c>docker compose down</c>: the containers are gone, the volumes stay.</summary>
    public Task DownAsync() => ComposeAsync(["down"]);

    /// <summary>The containers of a service.</summary>
    public async Task<List<Container>> ContainersAsync(string service) =>
        [
            .. (await ComposeAsync(["ps", "--quiet", service]))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(id => new Container(id)),
        ];

    /// <summary>Runs a compose command on this stack.</summary>
    public Task<string> ComposeAsync(string[] arguments) =>
        Docker.RunAsync(["compose", "--env-file", EnvironmentFile, "--project-name", _project, .. arguments]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Missing is null)
        {
            await ComposeAsync(["down", "--volumes", "--rmi", "local"]);
            if (_startedEngine)
                await Docker.StopAsync();
        }
        _folder.Dispose();
    }

    /// <summary>The connection string of a database, as root.</summary>
    public string Database(string name) =>
        new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)_ports["MYSQL_PORT"],
            UserID = "root",
            Password = RootPassword,
            Database = name,
            SslMode = MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
        }.ConnectionString;
}
