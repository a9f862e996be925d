using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using Hangfire;
using Hangfire.Common;
using Hangfire.MySql;
using Hangfire.MySql.Engine;
using Hangfire.States;
using Hangfire.Storage;
using HangfireMySql.Worker;
using MySqlConnector;
using TestSupport;

namespace HangfireMySql.Tests;

/// <summary>
/// A storage for each test, empty, with short intervals. All classes share one database with a prefix for each: a statement that forgot the
/// prefix would find no table.
/// </summary>
public abstract class StorageTest : IDisposable
{
    private const string Shared = "hangfire_tests";

    private readonly DatabaseFixture _fixture;

    // Tests take connections from many threads at once.
    private readonly ConcurrentStack<IDisposable> _owned = new();
    private MySqlStorage? _storage;

    protected StorageTest(DatabaseFixture fixture)
    {
        _fixture = fixture;
        // Before each test, since their order is nobody's promise: whichever comes first may look without making a storage.
        Server.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {Shared}").GetAwaiter().GetResult();
    }

    protected DatabaseServer Server => _fixture.Server;

    protected string ConnectionString => Server.ConnectionString(Shared);

    /// <summary>Such as <c>jobtests_</c>, for the class that holds the tests.</summary>
    protected string Prefix => GetType().BaseType!.Name.ToLowerInvariant() + "_";

    internal Tables Tables => new(Prefix);

    protected MySqlStorage Storage => _storage ??= Empty(NewStorage());

    internal MySqlStorageConnection Connection() => Own((MySqlStorageConnection)Storage.GetConnection());

    internal MySqlMonitoringApi Monitoring => (MySqlMonitoringApi)Storage.GetMonitoringApi();

    public void Dispose()
    {
        while (_owned.TryPop(out var owned))
            owned.Dispose();
        GC.SuppressFinalize(this);
    }

    protected T Own<T>(T disposable)
        where T : IDisposable
    {
        _owned.Push(disposable);
        return disposable;
    }

    /// <summary>Another storage on the same tables, as another process has it.</summary>
    protected MySqlStorage NewStorage(Action<MySqlStorageOptions>? configure = null, string? connectionString = null)
    {
        var options = new MySqlStorageOptions
        {
            TablesPrefix = Prefix,
            QueuePollInterval = TimeSpan.FromMilliseconds(100),
            SlidingInvisibilityTimeout = TimeSpan.FromSeconds(30),
        };
        configure?.Invoke(options);
        return Own(new MySqlStorage(connectionString ?? ConnectionString, options));
    }

    /// <summary>Other options for this test's storage.</summary>
    protected void Configure(Action<MySqlStorageOptions> configure) => _storage = Empty(NewStorage(configure));

    protected static Job AJob(string text = "x") => Job.FromExpression(() => Jobs.Nothing(text));

    internal string NewJob(Expression<Action>? call = null, TimeSpan? expireIn = null) =>
        Connection()
            .CreateExpiredJob(
                call is null ? AJob() : Job.FromExpression(call),
                new Dictionary<string, string>(),
                DateTime.UtcNow,
                expireIn ?? TimeSpan.FromHours(1)
            );

    /// <summary>Commits what is done with the transaction.</summary>
    internal void Commit(Action<MySqlWriteTransaction> work)
    {
        using var connection = (MySqlStorageConnection)Storage.GetConnection();
        using var transaction = (MySqlWriteTransaction)connection.CreateWriteTransaction();
        work(transaction);
        transaction.Commit();
    }

    internal string Enqueued(string queue = "default")
    {
        var id = NewJob();
        Commit(transaction =>
        {
            transaction.SetJobState(id, new EnqueuedState(queue));
            transaction.AddToQueue(queue, id);
        });
        return id;
    }

    internal MySqlFetchedJob Fetch(params string[] queues) => Fetch(Connection(), queues);

    internal static MySqlFetchedJob Fetch(IStorageConnection connection, params string[] queues)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return (MySqlFetchedJob)connection.FetchNextJob(queues.Length == 0 ? ["default"] : queues, limit.Token);
    }

    protected void Execute(string sql) => Query(sql, _ => 0);

    protected long Count(string table, string where = "1") =>
        Convert.ToInt64(Scalar($"SELECT COUNT(*) FROM `{Prefix}{table}` WHERE {where}"), CultureInfo.InvariantCulture);

    protected string? Scalar(string sql) =>
        Query(sql, row => row.IsDBNull(0) ? null : Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)).FirstOrDefault();

    /// <summary>An empty table for <see cref="Jobs.Record"/>.</summary>
    protected void NewRuns()
    {
        Storage.GetMonitoringApi().Servers();
        Execute(
            "CREATE TABLE IF NOT EXISTS runs (run CHAR(36), job VARCHAR(50), what VARCHAR(10), process INT, at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6), "
                + "PRIMARY KEY (run, what)); DELETE FROM runs"
        );
    }

    /// <summary>Looks on a connection of its own.</summary>
    protected List<T> Query<T>(string sql, Func<MySqlDataReader, T> row)
    {
        using var connection = new MySqlConnection(ConnectionString + ";Pooling=false;AllowUserVariables=true");
        connection.Open();
        using var command = new MySqlCommand(sql, connection) { CommandTimeout = 300 };
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>Runs the same in parallel threads, which begin together.</summary>
    protected static void InParallel(int threads, Action<int> work)
    {
        using var barrier = new Barrier(threads);
        var errors = new System.Collections.Concurrent.ConcurrentBag<Exception>();
        var all = Enumerable
            .Range(0, threads)
            .Select(number => new Thread(() =>
            {
                barrier.SignalAndWait();
                try
                {
                    work(number);
                }
                catch (Exception exception)
                {
                    errors.Add(exception);
                }
            }))
            .ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
        errors.Should().BeEmpty();
    }

    /// <summary>Starts the worker's executable.</summary>
    protected Task<GuardedProcess> StartWorkerAsync(params string[] arguments) =>
        StartWorkerAsync(new Dictionary<string, string?>(), arguments);

    /// <inheritdoc cref="StartWorkerAsync(string[])"/>
    protected Task<GuardedProcess> StartWorkerAsync(Dictionary<string, string?> environment, params string[] arguments) =>
        GuardedProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "HangfireMySql.Worker"),
            arguments,
            Path.Combine(Own(new TemporaryFolder()).Path, "out"),
            environment
        );

    private MySqlStorage Empty(MySqlStorage storage)
    {
        storage.GetMonitoringApi().Servers();
        Execute(
            string.Concat(
                Hangfire.MySql.Engine.Tables.Names.Where(name => name != "schema_info").Select(name => $"DELETE FROM `{Prefix}{name}`;")
            )
        );
        return storage;
    }
}
