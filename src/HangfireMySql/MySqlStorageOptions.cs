using System.Transactions;

namespace Hangfire.MySql;

/// <summary>Options of <see cref="MySqlStorage"/>. A value that cannot be used is refused when it is set, with the option's name.</summary>
public sealed class MySqlStorageOptions
{
    private string _tablesPrefix = "hangfire_";
    private TimeSpan _queuePollInterval = TimeSpan.FromSeconds(1);
    private TimeSpan _slidingInvisibilityTimeout = TimeSpan.FromMinutes(5);
    private TimeSpan _jobExpirationCheckInterval = TimeSpan.FromHours(1);
    private TimeSpan _countersAggregateInterval = TimeSpan.FromMinutes(5);
    private TimeSpan _transactionTimeout = TimeSpan.FromMinutes(1);
    private TimeSpan _inactiveStateExpirationTimeout = TimeSpan.Zero;
    private TimeSpan? _commandTimeout;
    private int _dashboardJobListLimit = 50_000;
    private int _deleteExpiredBatchSize = 1_000;

    /// <summary>
    /// What every table's name begins with, taken as it is: up to 32 letters, digits, <c>_</c> and <c>$</c>. Several storages may share a
    /// database with different prefixes. Default: <c>hangfire_</c>.
    /// </summary>
    public string TablesPrefix
    {
        get => _tablesPrefix;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(TablesPrefix));
            if (value.Length > 32 || !value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$'))
                throw new ArgumentException(
                    $"TablesPrefix '{value}' has more than 32 characters, or others than letters, digits, _ and $.",
                    nameof(TablesPrefix)
                );
            _tablesPrefix = value;
        }
    }

    /// <summary>
    /// How often a process with idle workers asks for jobs that other processes have queued; jobs queued by the same storage object are seen
    /// at once. Asked by one statement for all workers of a queue set. Below 50 ms counts as 50 ms. Default: 1 s.
    /// </summary>
    public TimeSpan QueuePollInterval
    {
        get => _queuePollInterval;
        set => _queuePollInterval = NotNegative(value, nameof(QueuePollInterval));
    }

    /// <summary>
    /// How long a fetched job stays with a process that gives no sign of life; then another process takes it. A living process moves the end
    /// on every fifth of this, however long the job runs. Default: 5 minutes.
    /// </summary>
    public TimeSpan SlidingInvisibilityTimeout
    {
        get => _slidingInvisibilityTimeout;
        set => _slidingInvisibilityTimeout = Positive(value, nameof(SlidingInvisibilityTimeout));
    }

    /// <summary>How often expired jobs and entries are looked for and deleted. Default: 1 hour.</summary>
    public TimeSpan JobExpirationCheckInterval
    {
        get => _jobExpirationCheckInterval;
        set => _jobExpirationCheckInterval = Positive(value, nameof(JobExpirationCheckInterval));
    }

    /// <summary>How often single counter rows are summed up; sums are exact at any time. Default: 5 minutes.</summary>
    public TimeSpan CountersAggregateInterval
    {
        get => _countersAggregateInterval;
        set => _countersAggregateInterval = Positive(value, nameof(CountersAggregateInterval));
    }

    /// <summary>Makes or migrates the tables at first use. When off, the tables must be there and of this version. Default: on.</summary>
    public bool PrepareSchemaIfNecessary { get; set; } = true;

    /// <summary>Up to how many jobs of a state the dashboard counts for its pages. Default: 50,000.</summary>
    public int DashboardJobListLimit
    {
        get => _dashboardJobListLimit;
        set => _dashboardJobListLimit = Positive(value, nameof(DashboardJobListLimit));
    }

    /// <summary>How long the statements of one write transaction may take. Default: 1 minute.</summary>
    public TimeSpan TransactionTimeout
    {
        get => _transactionTimeout;
        set => _transactionTimeout = Positive(value, nameof(TransactionTimeout));
    }

    /// <summary>How long any other statement may take. Default: what the connection string says (30 s).</summary>
    public TimeSpan? CommandTimeout
    {
        get => _commandTimeout;
        set => _commandTimeout = value is { } timeout ? Positive(timeout, nameof(CommandTimeout)) : null;
    }

    /// <summary>How many expired rows one transaction deletes at most. Default: 1,000.</summary>
    public int DeleteExpiredBatchSize
    {
        get => _deleteExpiredBatchSize;
        set => _deleteExpiredBatchSize = Positive(value, nameof(DeleteExpiredBatchSize));
    }

    /// <summary>
    /// How old a state of a job's history must be to be deleted; a job's current state is always kept. Zero keeps all of them as long as the
    /// job. Default: zero.
    /// </summary>
    public TimeSpan InactiveStateExpirationTimeout
    {
        get => _inactiveStateExpirationTimeout;
        set => _inactiveStateExpirationTimeout = NotNegative(value, nameof(InactiveStateExpirationTimeout));
    }

    /// <summary>Takes a job from its queue in the transaction that stores its final state. Default: on.</summary>
    public bool UseTransactionalAcknowledge { get; set; } = true;

    /// <summary>How distributed locks are held. All processes of a storage use the same. Default: <see cref="DistributedLockMode.Session"/>.</summary>
    public DistributedLockMode DistributedLockMode { get; set; } = DistributedLockMode.Session;

    /// <summary>Has no effect: transactions read committed rows, which claiming jobs needs. Kept so that existing code compiles.</summary>
    [Obsolete("Has no effect: transactions always use READ COMMITTED.")]
    public IsolationLevel? TransactionIsolationLevel { get; set; }

    /// <summary>Has no effect: a job stays with the process that runs it, see <see cref="SlidingInvisibilityTimeout"/>. Kept so that existing code compiles.</summary>
    [Obsolete("Has no effect: use SlidingInvisibilityTimeout, which never ends while the process lives.")]
    public TimeSpan InvisibilityTimeout { get; set; } = TimeSpan.FromMinutes(30);

    private static TimeSpan Positive(TimeSpan value, string name) =>
        value > TimeSpan.Zero ? value : throw new ArgumentException($"{name} must be longer than zero, but is {value}.", name);

    private static TimeSpan NotNegative(TimeSpan value, string name) =>
        value >= TimeSpan.Zero ? value : throw new ArgumentException($"{name} must not be negative, but is {value}.", name);

    private static int Positive(int value, string name) =>
        value > 0 ? value : throw new ArgumentException($"{name} must be above zero, but is {value}.", name);
}
