using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Hangfire.Logging;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>Makes and migrates the tables, one process at a time, step by step; the version is written down after each step.</summary>
internal sealed partial class SchemaInstaller(Tables tables, string database, IReadOnlyList<string>? steps = null)
{
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));
    private static readonly string[] OldNames =
    [
        "AggregatedCounter",
        "Counter",
        "DistributedLock",
        "Hash",
        "Job",
        "JobParameter",
        "JobQueue",
        "JobState",
        "List",
        "Server",
        "Set",
        "State",
    ];
    private static readonly string[] Shipped = [.. Enumerable.Range(1, 1).Select(Read)];

    private readonly IReadOnlyList<string> _steps = steps ?? Shipped;

    /// <summary>How long another process may take to make the tables.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Checks the server, then makes or migrates the tables, or only checks them when not allowed to.</summary>
    /// <exception cref="MySqlSchemaException">The server is too old, or the tables are others' or of another version.</exception>
    public void Prepare(MySqlConnection connection, bool install)
    {
        CheckServer(connection.ServerVersion);
        var version = Version(connection);
        if (version == _steps.Count)
            return;
        if (!install)
            throw new MySqlSchemaException(
                version is null
                    ? $"Database '{database}' has no tables with prefix '{tables.Prefix}', and PrepareSchemaIfNecessary is off."
                    : $"The tables with prefix '{tables.Prefix}' in database '{database}' have version {version}, not {_steps.Count}, and PrepareSchemaIfNecessary is off."
            );

        var name = LockName.For(database, tables.Prefix, "schema");
        for (var waited = TimeSpan.Zero; !SessionLock.TryTake(connection, name, seconds: 5); waited += TimeSpan.FromSeconds(5))
        {
            if (waited >= Patience)
                throw new TimeoutException(
                    $"Another process has been preparing the tables of '{database}' for {Patience.TotalMinutes} minutes."
                );
        }
        try
        {
            Migrate(connection);
        }
        finally
        {
            Sql.Command(connection, "DO RELEASE_LOCK(@name)", ("@name", name)).Execute();
        }
    }

    private void Migrate(MySqlConnection connection)
    {
        var version = Version(connection);
        if (version is null)
        {
            RefuseOthers(connection);
            // First of all tables: where it is, the others are ours, also when a process died between two of them.
            Run(
                connection,
                $"CREATE TABLE IF NOT EXISTS {tables.SchemaInfo} (version INT NOT NULL, PRIMARY KEY (version)) "
                    + "ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
            );
            version = 0;
        }
        if (version == 0)
            Run(
                connection,
                $"INSERT INTO {tables.SchemaInfo} (version) SELECT 0 FROM (SELECT COUNT(*) AS n FROM {tables.SchemaInfo}) c WHERE n = 0"
            );
        if (version > _steps.Count)
            throw new MySqlSchemaException(
                $"The tables with prefix '{tables.Prefix}' in database '{database}' have version {version}; this library knows {_steps.Count} and older. Update it."
            );
        for (var step = version.Value; step < _steps.Count; step++)
        {
            foreach (var statement in Statements(_steps[step]))
                Run(connection, statement);
            Sql.Command(connection, $"UPDATE {tables.SchemaInfo} SET version = @version", ("@version", step + 1)).Execute();
            Logger.Info($"The tables with prefix '{tables.Prefix}' in database '{database}' have version {step + 1}.");
        }
    }

    private void RefuseOthers(MySqlConnection connection)
    {
        var present = Sql.Command(
                connection,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = @database",
                ("@database", database)
            )
            .Rows(reader => reader.GetString(0));
        // Without regard to case: what differs in case alone is one table on servers with lower_case_table_names, and confusing on others.
        var others = present
            .Intersect(Tables.Names.Concat(OldNames).Select(name => tables.Prefix + name), StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (others.Count > 0)
            throw new MySqlSchemaException(
                $"Database '{database}' has tables with prefix '{tables.Prefix}' that are not this storage's ({string.Join(", ", others.Order())}), "
                    + "perhaps of the package Hangfire.MySqlStorage. Nothing was changed. Choose another TablesPrefix or another database; "
                    + "the section 'Move from Hangfire.MySqlStorage' of the README tells how to move the jobs."
            );
        var old = present.Where(name => name.EndsWith("AggregatedCounter", StringComparison.OrdinalIgnoreCase)).ToList();
        if (old.Count > 0)
            Logger.Warn(
                $"Database '{database}' has tables of another Hangfire storage ({string.Join(", ", old)}). Their jobs are not read by this one; "
                    + "the section 'Move from Hangfire.MySqlStorage' of the README tells how to move them."
            );
    }

    private int? Version(MySqlConnection connection)
    {
        try
        {
            return Sql.Command(connection, $"SELECT version FROM {tables.SchemaInfo}")
                .Rows(reader => reader.GetInt32(0))
                .DefaultIfEmpty(0)
                .Max();
        }
        catch (MySqlException exception) when (exception.ErrorCode == MySqlErrorCode.NoSuchTable)
        {
            return null;
        }
    }

    private static void CheckServer(string text)
    {
        var mariaDb = text.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        // Old MariaDB servers put 5.5.5- in front for the sake of old clients.
        var number = VersionNumber().Match(text.StartsWith("5.5.5-", StringComparison.Ordinal) ? text[6..] : text);
        var needed = mariaDb ? new Version(10, 6) : new Version(8, 0, 1);
        if (number.Success && System.Version.Parse(number.Value) < needed)
            throw new MySqlSchemaException(
                $"The server is {(mariaDb ? "MariaDB" : "MySQL")} {text}, but SKIP LOCKED needs {(mariaDb ? "MariaDB" : "MySQL")} {needed} or newer."
            );
    }

    private IEnumerable<string> Statements(string step) =>
        StatementEnd()
            .Split(Comment().Replace(step, "").Replace("{prefix}", tables.Prefix, StringComparison.Ordinal))
            .Select(statement => statement.Trim())
            .Where(statement => statement.Length > 0);

    private static void Run(MySqlConnection connection, string statement)
    {
        using var command = Sql.Command(connection, statement);
        // Altering a large table takes its time, and an interrupted step starts over.
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    private static string Read(int step)
    {
        using var stream = Assembly
            .GetExecutingAssembly()
            .GetManifestResourceStream($"Schema.{step.ToString(CultureInfo.InvariantCulture)}.sql");
        using var reader = new StreamReader(
            stream ?? throw new InvalidOperationException($"Step {step} of the schema is not in the assembly.")
        );
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+")]
    private static partial Regex VersionNumber();

    [GeneratedRegex(@";\s*$", RegexOptions.Multiline)]
    private static partial Regex StatementEnd();

    [GeneratedRegex(@"^--.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
