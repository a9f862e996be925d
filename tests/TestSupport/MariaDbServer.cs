namespace TestSupport;

/// <summary>MariaDB from the system's packages.</summary>
public sealed class MariaDbServer(params string[] options) : DatabaseServer
{
    /// <summary>The server's executable; null where it is not installed.</summary>
    public static string? Executable { get; } =
        new[] { "/usr/sbin/mariadbd", "/usr/bin/mariadbd", "/usr/local/sbin/mariadbd", "/usr/libexec/mariadbd" }.FirstOrDefault(
            File.Exists
        );

    /// <summary>Why the server cannot be had; null when it can.</summary>
    public static string? Missing =>
        Executable is null ? "MariaDB is not installed (Debian: mariadb-server-core, mariadb-client-core)" : null;

    /// <inheritdoc/>
    protected override Task PrepareAsync() =>
        RunAsync(
            "mariadb-install-db",
            "--no-defaults",
            $"--user={Environment.UserName}",
            $"--datadir={Data}",
            // A server that starts clears temporary tables away, those of others in a common folder too.
            $"--tmpdir={Folder}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db"
        );

    /// <inheritdoc/>
    protected override Task<GuardedProcess> LaunchAsync() =>
        GuardedProcess.StartAsync(
            Executable ?? throw new InvalidOperationException(Missing),
            [
                "--no-defaults",
                $"--user={Environment.UserName}",
                $"--datadir={Data}",
                $"--tmpdir={Folder}",
                $"--socket={Path.Combine(Folder, "s")}",
                $"--port={Port}",
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-buffer-pool-size=512M",
                "--max-connections=500",
                "--character-set-server=utf8mb4",
                "--log-warnings=0",
                .. options,
            ],
            Path.Combine(Folder, "server.log")
        );
}
