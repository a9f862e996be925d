using System.Transactions;
using Hangfire.Logging;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>Connections to the storage's database: each is taken for one operation, with the tables there and in no ambient transaction.</summary>
internal sealed class MySqlDatabase : IDisposable
{
    public const int Attempts = 4;
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly MySqlDataSource _source;
    private readonly bool _owned;
    private readonly SchemaGate _schema;
    private readonly int? _commandTimeout;
    private readonly IdleSessions _idle = new();

    public MySqlDatabase(string connectionString, MySqlStorageOptions options)
        : this(CreateSource(connectionString), options) => _owned = true;

    public MySqlDatabase(MySqlDataSource source, MySqlStorageOptions options)
    {
        var settings = new MySqlConnectionStringBuilder(source.ConnectionString);
        if (settings.Database.Length == 0)
            throw new ArgumentException("The connection string names no Database.", nameof(source));
        _source = source;
        Options = options;
        Tables = new Tables(options.TablesPrefix);
        Name = settings.Database;
        Host = settings.Server;
        _commandTimeout = options.CommandTimeout is { } timeout ? Seconds(timeout) : null;
        _schema = new SchemaGate(() =>
        {
            using var connection = OpenUnprepared();
            new SchemaInstaller(Tables, Name).Prepare(connection, options.PrepareSchemaIfNecessary);
        });
    }

    public MySqlStorageOptions Options { get; }
    public Tables Tables { get; }
    public string Name { get; }
    public string Host { get; }

    /// <summary>Opens a connection from the pool; the tables are there.</summary>
    public MySqlConnection Open()
    {
        _schema.Pass();
        return OpenUnprepared();
    }

    /// <summary>
    /// Runs work that may be repeated, again when the database gave it up or its connection is lost. An idle connection that the server has
    /// ended shows only when it is used. Tables that somebody dropped are made again, where that is allowed.
    /// </summary>
    public T Run<T>(Func<MySqlConnection, T> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var connection = Open();
            try
            {
                return work(connection);
            }
            catch (Exception exception)
                when (attempt < Attempts
                    && (SqlFaults.IsConnection(exception) || SqlFaults.IsContention(exception) || SqlFaults.IsGone(exception))
                )
            {
                Logger.DebugException($"A statement is repeated ({attempt}): {exception.Message}", exception);
                if (SqlFaults.IsGone(exception))
                    _schema.Close();
                // Sessions from before a database was dropped have none.
                if (!SqlFaults.IsContention(exception))
                    MySqlConnection.ClearPool(connection);
            }
            Pause(attempt);
        }
    }

    /// <summary>The commands' limit in seconds; null means the connection string's.</summary>
    public MySqlCommand Timed(MySqlCommand command)
    {
        if (_commandTimeout is { } seconds)
            command.CommandTimeout = seconds;
        return command;
    }

    public static int Seconds(TimeSpan timeout) => (int)Math.Clamp(Math.Ceiling(timeout.TotalSeconds), 1, int.MaxValue / 1000);

    /// <summary>Lets the other side of a contention go first; longer with each attempt, and not by the same time for everyone.</summary>
    public static void Pause(int attempt) => Thread.Sleep(Random.Shared.Next(2, 10 * (1 << Math.Min(attempt, 6))));

    public void Dispose()
    {
        if (_owned)
            _source.Dispose();
    }

    private MySqlConnection OpenUnprepared()
    {
        // A storage's operation is committed or not on its own, whatever transaction the caller is in.
        using var apart = Transaction.Current is null ? null : new TransactionScope(TransactionScopeOption.Suppress);
        var connection = _source.OpenConnection();
        if (_idle.IsFresh(connection.ServerThread))
            return connection;
        // The server may have ended a session that was idle, and a command on it would fail without our knowing what it did.
        if (connection.Ping())
            return connection;
        MySqlConnection.ClearPool(connection);
        connection.Dispose();
        return _source.OpenConnection();
    }

    private static MySqlDataSource CreateSource(string connectionString)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString)
        {
            AutoEnlist = false,
            UseAffectedRows = false,
            AllowUserVariables = false,
            DateTimeKind = MySqlDateTimeKind.Utc,
        };
        // Operations leave no session state behind, so a reset before each would be a round trip for nothing.
        settings.ConnectionReset = false;
        if (settings.ApplicationName.Length == 0)
            settings.ApplicationName = "Hangfire";
        return new MySqlDataSource(settings.ConnectionString);
    }
}
