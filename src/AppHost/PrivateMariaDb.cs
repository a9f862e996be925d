using System.Security.Cryptography;
using MySqlConnector;

namespace AppHost;

/// <summary>
/// The platform's own MariaDB: data in the data folder, loopback only, every commit on disk before it is acknowledged, one user with a
/// random password and rights on the services' databases alone.
/// </summary>
internal sealed class PrivateMariaDb(string dataFolder, int port, IReadOnlyList<string> databases)
{
    private const string User = "events";

    private readonly string _folder = Path.Combine(dataFolder, "mysql");

    public string PasswordFile => Path.Combine(_folder, "password");

    public string ConnectionString =>
        new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)port,
            UserID = User,
            Password = File.ReadAllText(PasswordFile),
            SslMode = MySqlSslMode.None,
        }.ConnectionString;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes data folder and password when they are not there, and returns how the server is started.</summary>
    /// <exception cref="UsageException">MariaDB is not installed, or its data folder could not be made.</exception>
    public async Task<ChildSpec> PrepareAsync(string logFolder, CancellationToken cancellationToken)
    {
        var server =
            Find("mariadbd")
            ?? throw new UsageException(
                "MariaDB is not installed: install it (Debian: apt-get install mariadb-server-core mariadb-client-core), or name a server of your own with ConnectionStrings__MySql."
            );
        Directory.CreateDirectory(_folder);
        if (!File.Exists(PasswordFile))
            await WriteSecretAsync(PasswordFile, RandomNumberGenerator.GetHexString(32, lowercase: true), cancellationToken);
        if (!Directory.Exists(Data))
            await InstallAsync(logFolder, cancellationToken);
        var init = Path.Combine(_folder, "init.sql");
        await WriteSecretAsync(init, InitScript(await File.ReadAllTextAsync(PasswordFile, cancellationToken)), cancellationToken);
        return new ChildSpec(
            "mysql",
            server,
            [
                "--no-defaults",
                $"--user={Environment.UserName}",
                $"--datadir={Data}",
                $"--socket={Socket()}",
                $"--port={port}",
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                $"--init-file={init}",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-buffer-pool-size=512M",
                "--innodb-log-file-size=256M",
                "--max-connections=300",
                "--character-set-server=utf8mb4",
            ],
            new Dictionary<string, string>(),
            WatchesParent: false
        );
    }

    public async Task WaitUntilItAnswersAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var connection = new MySqlConnection(ConnectionString + ";Pooling=false");
                await connection.OpenAsync(cancellationToken);
                return;
            }
            catch (MySqlException)
            {
                // Not up yet; that it ended for good, its supervisor says on the console.
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    private async Task InstallAsync(string logFolder, CancellationToken cancellationToken)
    {
        var installer =
            Find("mariadb-install-db")
            ?? throw new UsageException("mariadb-install-db is missing beside mariadbd: install the package mariadb-server-core.");
        // Made beside and renamed, so that an interrupted installation is not taken for a finished one.
        var part = Data + ".part";
        if (Directory.Exists(part))
            Directory.Delete(part, recursive: true);
        var spec = new ChildSpec(
            "mysql-install",
            installer,
            [
                "--no-defaults",
                $"--user={Environment.UserName}",
                $"--datadir={part}",
                "--auth-root-authentication-method=socket",
                $"--auth-root-socket-user={Environment.UserName}",
                "--skip-test-db",
            ],
            new Dictionary<string, string>(),
            WatchesParent: false
        );
        var output = Path.Combine(logFolder, "mysql-install.out");
        using var child = await Child.StartAsync(spec, output, cancellationToken);
        if (await child.ExitAsync(cancellationToken) is not 0 and var code)
            throw new UsageException($"mariadb-install-db ended with {code}; {output} says why.");
        Directory.Move(part, Data);
    }

    // Run at every start, so that a database a newer version needs is there too. A file of statements takes no parameters; the password is
    // hexadecimal digits.
    private string InitScript(string password) =>
        string.Concat(databases.Select(database => $"CREATE DATABASE IF NOT EXISTS {database};\n"))
        + $"CREATE USER IF NOT EXISTS {User}@'127.0.0.1' IDENTIFIED BY '{password}';\n"
        + $"ALTER USER {User}@'127.0.0.1' IDENTIFIED BY '{password}';\n"
        + string.Concat(databases.Select(database => $"GRANT ALL ON {database}.* TO {User}@'127.0.0.1';\n"));

    // A socket's path may hold 107 characters, and the data folder may lie deep.
    private string Socket()
    {
        var path = Path.Combine(_folder, "mysql.sock");
        return path.Length <= 107 ? path : Path.Combine(Path.GetTempPath(), $"events-mysql-{port}.sock");
    }

    private static async Task WriteSecretAsync(string file, string text, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(
            file,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        await using var writer = new StreamWriter(stream);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Concat(["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec"])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
