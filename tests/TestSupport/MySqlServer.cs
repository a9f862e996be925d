namespace TestSupport;

/// <summary>MySQL from the tools folder beside the checkout (<c>../shared/bin/mysql-server</c>), which lays its files under <c>MYSQL_ROOT</c>.</summary>
public sealed class MySqlServer(params string[] options) : DatabaseServer
{
    private static readonly string Root = Environment.GetEnvironmentVariable("MYSQL_ROOT") ?? "/opt/mysql-root";

    /// <summary>Why the server cannot be had; null when it can.</summary>
    public static string? Missing =>
        File.Exists(Path.Combine(Root, "usr/sbin/mysqld"))
            ? null
            : $"MySQL is not installed under {Root} (set MYSQL_ROOT, or run ./test, which installs it)";

    /// <inheritdoc/>
    protected override Task PrepareAsync() => RunAsync(Loader, [.. Server, .. Common, "--initialize-insecure"]);

    /// <inheritdoc/>
    protected override Task<GuardedProcess> LaunchAsync() =>
        GuardedProcess.StartAsync(
            Loader,
            [
                .. Server,
                .. Common,
                $"--port={Port}",
                "--bind-address=127.0.0.1",
                $"--socket={Path.Combine(Folder, "s")}",
                $"--pid-file={Path.Combine(Folder, "pid")}",
                "--mysqlx=OFF",
                "--innodb-flush-log-at-trx-commit=1",
                "--sync-binlog=1",
                "--innodb-buffer-pool-size=512M",
                "--max-connections=500",
                .. options,
            ],
            Path.Combine(Folder, "server.log")
        );

    // The server runs with the libraries it came with, so that it works beside an older system.
    private static string Loader => Path.Combine(Root, "lib64/ld-linux-x86-64.so.2");

    private static string[] Server =>
        ["--library-path", Path.Combine(Root, "usr/lib/x86_64-linux-gnu"), Path.Combine(Root, "usr/sbin/mysqld"), "--no-defaults"];

    private string[] Common =>
        [
            $"--user={Environment.UserName}",
            $"--datadir={Data}",
            $"--basedir={Path.Combine(Root, "usr")}",
            $"--lc-messages-dir={Path.Combine(Root, "usr/share/mysql")}",
            "--secure-file-priv=",
        ];
}
