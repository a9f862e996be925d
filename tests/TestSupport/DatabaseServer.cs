using MySqlConnector;

namespace TestSupport;

/// <summary>A private MariaDB or MySQL server with durable settings, on a port of its own, with its data in a temporary folder.</summary>
public abstract class DatabaseServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private GuardedProcess? _process;
    private int _databases;

    /// <summary>The loopback port.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The running server process.</summary>
    public GuardedProcess Process => _process ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>Where the server's files and logs lie.</summary>
    protected string Folder => _folder.Path;

    /// <summary>Where the server keeps its databases.</summary>
    protected string Data => Path.Combine(Folder, "data");

    /// <summary>A connection string as root, for <paramref name="database"/> or for none.</summary>
    public string ConnectionString(string? database = null, int? port = null) =>
        new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)(port ?? Port),
            UserID = "root",
            Password = "",
            Database = database ?? "",
            SslMode = MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
        }.ConnectionString;

    /// <summary>Creates an empty database with a new name and returns its connection string.</summary>
    public async Task<string> NewDatabaseAsync(string prefix = "test")
    {
        var name = $"{prefix}_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Runs statements on a connection of their own.</summary>
    public async Task ExecuteAsync(string sql, string? database = null)
    {
        await using var connection = new MySqlConnection(ConnectionString(database) + ";Pooling=false;AllowUserVariables=true");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Starts the server (again) and waits until it answers.</summary>
    public async Task StartAsync()
    {
        if (_process is { HasExited: false })
            return;
        if (_process is null)
            await PrepareAsync();
        _process = await LaunchAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                if (_process.HasExited)
                    return true;
                await ExecuteAsync("SELECT 1");
                return true;
            },
            "the database server answers",
            TimeSpan.FromSeconds(60),
            TimeSpan.FromMilliseconds(50)
        );
        if (_process.HasExited)
            throw new InvalidOperationException($"The database server ended with {_process.ExitCode}: {Tail(_process.Output)}");
    }

    /// <summary>Stops the server in good order.</summary>
    public Task StopAsync() => Process.StopAsync();

    /// <summary>Stops the server until the result is disposed, also when the test fails meanwhile: others share it.</summary>
    public async Task<IAsyncDisposable> AwayAsync()
    {
        await StopAsync();
        return new Absence(this);
    }

    /// <summary>Ends the server with SIGKILL.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Stops the server, copies all it has, and starts it again: a dump of this moment.</summary>
    /// <returns>The copy's folder, for <see cref="RestoreAsync"/>.</returns>
    public async Task<string> SnapshotAsync()
    {
        await StopAsync();
        var copy = Path.Combine(Folder, $"snapshot-{Interlocked.Increment(ref _databases)}");
        await RunAsync("cp", "-a", Data, copy);
        await StartAsync();
        return copy;
    }

    /// <summary>Ends the server, puts a copy in the place of all it has, and starts it again: everything since is gone.</summary>
    public async Task RestoreAsync(string snapshot)
    {
        await KillAsync();
        Directory.Delete(Data, recursive: true);
        await RunAsync("cp", "-a", snapshot, Data);
        await StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        MySqlConnection.ClearAllPools();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the data folder.</summary>
    protected abstract Task PrepareAsync();

    /// <summary>Starts the server process.</summary>
    protected abstract Task<GuardedProcess> LaunchAsync();

    /// <summary>Runs a command to its end; fails with its output when it fails.</summary>
    protected async Task RunAsync(string command, params string[] arguments)
    {
        var output = Path.Combine(Folder, "prepare.log");
        await using var process = await GuardedProcess.StartAsync(command, arguments, output);
        await process.ExitAsync(TimeSpan.FromMinutes(3));
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}: {Tail(process.Output)}");
    }

    private static string Tail(string text) => text.Length > 2000 ? text[^2000..] : text;

    private sealed class Absence(DatabaseServer server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await server.StartAsync();
    }
}
