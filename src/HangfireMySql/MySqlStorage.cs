using Hangfire.Logging;
using Hangfire.MySql.Engine;
using Hangfire.Server;
using Hangfire.Storage;
using MySqlConnector;

namespace Hangfire.MySql;

/// <summary>
/// Hangfire's jobs in MySQL (8.0.1 or newer) or MariaDB (10.6 or newer). Its tables are made at the first use, so an application starts
/// without the database and works as soon as it is there. Thread-safe; one object for each database and prefix is enough for a process.
/// </summary>
public sealed class MySqlStorage : JobStorage, IDisposable
{
    private static readonly Dictionary<string, Func<MySqlStorageOptions, bool>> Features = new(StringComparer.OrdinalIgnoreCase)
    {
        [JobStorageFeatures.JobQueueProperty] = _ => true,
        [JobStorageFeatures.ExtendedApi] = _ => true,
        [JobStorageFeatures.ProcessesInsteadOfComponents] = _ => true,
        [JobStorageFeatures.Connection.BatchedGetFirstByLowest] = _ => true,
        [JobStorageFeatures.Connection.GetUtcDateTime] = _ => true,
        [JobStorageFeatures.Connection.GetSetContains] = _ => true,
        [JobStorageFeatures.Connection.LimitedGetSetCount] = _ => true,
        [JobStorageFeatures.Transaction.AcquireDistributedLock] = _ => true,
        [JobStorageFeatures.Transaction.CreateJob] = _ => true,
        [JobStorageFeatures.Transaction.SetJobParameter] = _ => true,
        [JobStorageFeatures.Transaction.RemoveFromQueue(typeof(MySqlFetchedJob))] = options => options.UseTransactionalAcknowledge,
        [JobStorageFeatures.Monitoring.DeletedStateGraphs] = _ => true,
        [JobStorageFeatures.Monitoring.AwaitingJobs] = _ => true,
    };

    private readonly LeaseHeartbeat _heartbeat;
    private readonly ExpirationManager _expiration;
    private readonly CountersAggregator _aggregator;

    /// <summary>A storage with default options.</summary>
    /// <param name="connectionString">As for MySqlConnector; names a database. A pool of workers + 10 connections is enough.</param>
    public MySqlStorage(string connectionString)
        : this(connectionString, new MySqlStorageOptions()) { }

    /// <summary>A storage over connections of its own.</summary>
    /// <param name="connectionString">As for MySqlConnector; names a database. A pool of workers + 10 connections is enough.</param>
    /// <param name="options">Read at any time; not to be changed afterwards.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read or names no database.</exception>
    public MySqlStorage(string connectionString, MySqlStorageOptions options)
        : this(new MySqlDatabase(NotNull(connectionString, nameof(connectionString)), NotNull(options, nameof(options)))) { }

    /// <summary>A storage over connections of the caller's, who disposes of the source after the storage.</summary>
    /// <param name="dataSource">Where connections come from; names a database.</param>
    /// <param name="options">Read at any time; not to be changed afterwards.</param>
    public MySqlStorage(MySqlDataSource dataSource, MySqlStorageOptions options)
        : this(new MySqlDatabase(NotNull(dataSource, nameof(dataSource)), NotNull(options, nameof(options)))) { }

    private MySqlStorage(MySqlDatabase database)
    {
        Database = database;
        Fetcher = new JobFetcher(database, Leases);
        _heartbeat = new LeaseHeartbeat(database, Leases);
        _expiration = new ExpirationManager(database, Keeper);
        _aggregator = new CountersAggregator(database, Keeper);
    }

    /// <summary>True: what was committed is seen by the next read.</summary>
    public override bool LinearizableReads => true;

    internal MySqlDatabase Database { get; }
    internal LeaseRegistry Leases { get; } = new();
    internal LockKeeper Keeper { get; } = new();
    internal JobFetcher Fetcher { get; }

    /// <inheritdoc/>
    public override IMonitoringApi GetMonitoringApi() => new MySqlMonitoringApi(Database);

    /// <inheritdoc/>
    public override IStorageConnection GetConnection() => new MySqlStorageConnection(this);

    /// <inheritdoc/>
    public override IEnumerable<IBackgroundProcess> GetServerRequiredProcesses() => [_heartbeat];

    /// <inheritdoc/>
    public override IEnumerable<IBackgroundProcess> GetStorageWideProcesses() => [_expiration, _aggregator];

    /// <inheritdoc/>
    [Obsolete("Servers use GetServerRequiredProcesses and GetStorageWideProcesses.")]
    public override IEnumerable<IServerComponent> GetComponents() => [_heartbeat, _expiration, _aggregator];

    /// <inheritdoc/>
    public override bool HasFeature(string featureId)
    {
        ArgumentNullException.ThrowIfNull(featureId);
        return Features.TryGetValue(featureId, out var feature) && feature(Database.Options);
    }

    /// <inheritdoc/>
    public override void WriteOptionsToLog(ILog logger)
    {
        var options = Database.Options;
        logger.Info(
            $"Using MySQL storage {this}: tables prefix '{options.TablesPrefix}', queue poll interval {options.QueuePollInterval}, "
                + $"sliding invisibility timeout {options.SlidingInvisibilityTimeout}, locks by {options.DistributedLockMode}."
        );
#pragma warning disable CS0618 // Said, because whoever set them expects an effect.
        if (options.TransactionIsolationLevel is not null || options.InvisibilityTimeout != new MySqlStorageOptions().InvisibilityTimeout)
            logger.Warn("TransactionIsolationLevel and InvisibilityTimeout have no effect; see SlidingInvisibilityTimeout.");
#pragma warning restore CS0618
    }

    /// <summary>Host and database, as the dashboard shows them.</summary>
    public override string ToString() => $"MySQL: {Database.Host}@{Database.Name}";

    /// <summary>Ends fetching and closes the connections. Servers that use the storage are stopped before.</summary>
    public void Dispose()
    {
        Fetcher.Dispose();
        Keeper.Dispose();
        Database.Dispose();
    }

    private static T NotNull<T>(T value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);
}
