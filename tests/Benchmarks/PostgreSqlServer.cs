using System.Globalization;
using TestSupport;

namespace Benchmarks;

/// <summary>A private PostgreSQL with durable settings from Debian's packages, to compare with.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory
            .GetDirectories("/usr/lib/postgresql")
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "postgres")))
        : null;

    private readonly TemporaryFolder _folder = new();
    private GuardedProcess? _process;

    private PostgreSqlServer() { }

    /// <summary>Null when it can be had; else why not.</summary>
    public static string? Missing => Programs is null ? "PostgreSQL is not installed (Debian: postgresql-15)" : null;

    public int Port { get; } = FreePort.Next();

    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Username=postgres;Database=postgres;Maximum Pool Size=100";

    public static async Task<PostgreSqlServer> StartAsync()
    {
        var server = new PostgreSqlServer();
        var data = Path.Combine(server._folder.Path, "data");
        Directory.CreateDirectory(data);
        // The server does not run as root.
        await server.RunAsync("chmod", "755", server._folder.Path);
        await server.RunAsync("chown", "postgres", data);
        await server.RunAsync(
            "runuser",
            "-u",
            "postgres",
            "--",
            Path.Combine(Programs!, "initdb"),
            "-D",
            data,
            "-A",
            "trust",
            "--locale=C.UTF-8"
        );
        server._process = await GuardedProcess.StartAsync(
            "runuser",
            [
                "-u",
                "postgres",
                "--",
                Path.Combine(Programs!, "postgres"),
                "-D",
                data,
                "-p",
                $"{server.Port}",
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "shared_buffers=512MB",
                "-c",
                "max_connections=200",
            ],
            Path.Combine(server._folder.Path, "log")
        );
        await Eventually.HoldsAsync(
            async () =>
            {
                await using var connection = new Npgsql.NpgsqlConnection(server.ConnectionString);
                await connection.OpenAsync();
                return true;
            },
            "PostgreSQL answers"
        );
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task RunAsync(string command, params string[] arguments)
    {
        await using var process = await GuardedProcess.StartAsync(command, arguments, Path.Combine(_folder.Path, "prepare"));
        await process.ExitAsync(TimeSpan.FromMinutes(1));
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}: {process.Output}");
    }
}
