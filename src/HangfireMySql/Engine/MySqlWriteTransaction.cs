using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.States;
using Hangfire.Storage;

namespace Hangfire.MySql.Engine;

/// <summary>Collects statements and runs them all at the commit, in one transaction and mostly one round trip.</summary>
internal sealed class MySqlWriteTransaction(MySqlStorage storage, ConnectionLocks connectionLocks) : JobStorageTransaction
{
    private const int CommitAttempts = 5;
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly Tables _tables = storage.Database.Tables;
    private readonly List<BufferedCommand> _commands = [];
    private readonly CounterChanges _counters = new();
    private readonly HashSet<string> _queues = [];
    private readonly List<MySqlFetchedJob> _acknowledged = [];
    private readonly List<IDisposable> _held = [];

    public override void ExpireJob(string jobId, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        Job(
            jobId,
            $"UPDATE {_tables.Job} SET expire_at = {Sql.Now} + INTERVAL @in MICROSECOND WHERE id = @job",
            ("@in", Sql.Microseconds(expireIn))
        );
    }

    public override void PersistJob(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        Job(jobId, $"UPDATE {_tables.Job} SET expire_at = NULL WHERE id = @job");
    }

    public override void SetJobState(string jobId, IState state)
    {
        AddJobState(
            jobId,
            state,
            // Behind an insert that found no job, the last number would be that of another row.
            $"UPDATE {_tables.Job} SET state_name = @name, state_id = LAST_INSERT_ID() WHERE id = @job"
        );
    }

    public override void AddJobState(string jobId, IState state) => AddJobState(jobId, state, null);

    public override void AddToQueue(string queue, string jobId)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(jobId);
        Sql.Fits(queue, Tables.QueueLength, nameof(queue));
        var job = Sql.JobNumber(jobId) ?? throw new ArgumentException($"'{jobId}' is not a job's id in this storage.", nameof(jobId));
        Add(
            CommandGroup.Queue,
            queue,
            $"INSERT INTO {_tables.JobQueue} (queue, job_id, visible_at) VALUES (@queue, @job, {Sql.Now})",
            ("@queue", queue),
            ("@job", job)
        );
        _queues.Add(queue);
    }

    public override void RemoveFromQueue(IFetchedJob fetchedJob)
    {
        ArgumentNullException.ThrowIfNull(fetchedJob);
        if (fetchedJob is not MySqlFetchedJob fetched)
            throw new NotSupportedException($"A {fetchedJob.GetType().Name} was not fetched from this storage.");
        Add(
            CommandGroup.Queue,
            fetched.Queue,
            $"DELETE FROM {_tables.JobQueue} WHERE {QueueTable.IsHeld}",
            ("@id", fetched.RowId),
            ("@token", fetched.Token)
        );
        _acknowledged.Add(fetched);
    }

    public override void IncrementCounter(string key) => _counters.Add(Key(key), 1, null);

    public override void IncrementCounter(string key, TimeSpan expireIn) => _counters.Add(Key(key), 1, expireIn);

    public override void DecrementCounter(string key) => _counters.Add(Key(key), -1, null);

    public override void DecrementCounter(string key, TimeSpan expireIn) => _counters.Add(Key(key), -1, expireIn);

    public override void AddToSet(string key, string value) => AddToSet(key, value, 0);

    public override void AddToSet(string key, string value, double score)
    {
        Key(key);
        ArgumentNullException.ThrowIfNull(value);
        Add(
            CommandGroup.Set,
            key,
            $"INSERT INTO {_tables.Set} (`key`, value, score) VALUES (@key, @value, @score) ON DUPLICATE KEY UPDATE score = VALUES(score)",
            ("@key", key),
            ("@value", Sql.Fits(value, Tables.ValueLength, nameof(value))),
            ("@score", MySqlStorageConnection.Finite(score))
        );
    }

    public override void AddRangeToSet(string key, IList<string> items)
    {
        Key(key);
        ArgumentNullException.ThrowIfNull(items);
        // In one order everywhere, so that two transactions with the same items wait instead of deadlocking.
        foreach (var item in items.Distinct().Order(StringComparer.Ordinal))
            AddToSet(key, item, 0);
    }

    public override void RemoveFromSet(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Add(CommandGroup.Set, key, $"DELETE FROM {_tables.Set} WHERE `key` = @key AND value = @value", ("@key", key), ("@value", value));
    }

    public override void RemoveSet(string key) =>
        ForKey(CommandGroup.Set, key, $"DELETE t FROM {_tables.Set} t FORCE INDEX (PRIMARY) WHERE t.`key` = @key");

    public override void InsertToList(string key, string value)
    {
        Key(key);
        ArgumentNullException.ThrowIfNull(value);
        Add(CommandGroup.List, key, $"INSERT INTO {_tables.List} (`key`, value) VALUES (@key, @value)", ("@key", key), ("@value", value));
    }

    public override void RemoveFromList(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Add(CommandGroup.List, key, $"DELETE FROM {_tables.List} WHERE `key` = @key AND value = @value", ("@key", key), ("@value", value));
    }

    public override void TrimList(string key, int keepStartingFrom, int keepEndingAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(
            CommandGroup.List,
            key,
            $"""
            DELETE l FROM {_tables.List} l JOIN (
              SELECT id FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) - 1 AS place FROM {_tables.List} WHERE `key` = @key) p
              WHERE p.place < @from OR p.place > @to
            ) d ON d.id = l.id
            """,
            ("@key", key),
            ("@from", keepStartingFrom),
            ("@to", keepEndingAt)
        );
    }

    public override void SetRangeInHash(string key, IEnumerable<KeyValuePair<string, string>> keyValuePairs)
    {
        Key(key);
        ArgumentNullException.ThrowIfNull(keyValuePairs);
        foreach (var (field, value) in keyValuePairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(
                CommandGroup.Hash,
                key,
                $"INSERT INTO {_tables.Hash} (`key`, field, value) VALUES (@key, @field, @value) ON DUPLICATE KEY UPDATE value = VALUES(value)",
                ("@key", key),
                ("@field", Sql.Fits(field, Tables.FieldLength, nameof(keyValuePairs))),
                ("@value", value)
            );
        }
    }

    public override void RemoveHash(string key) => ForKey(CommandGroup.Hash, key, $"DELETE FROM {_tables.Hash} WHERE `key` = @key");

    public override void ExpireSet(string key, TimeSpan expireIn) =>
        Expire(CommandGroup.Set, $"{_tables.Set} FORCE INDEX (PRIMARY)", key, expireIn);

    public override void ExpireList(string key, TimeSpan expireIn) => Expire(CommandGroup.List, _tables.List, key, expireIn);

    public override void ExpireHash(string key, TimeSpan expireIn) => Expire(CommandGroup.Hash, _tables.Hash, key, expireIn);

    public override void PersistSet(string key) =>
        ForKey(CommandGroup.Set, key, $"UPDATE {_tables.Set} FORCE INDEX (PRIMARY) SET expire_at = NULL WHERE `key` = @key");

    public override void PersistList(string key) =>
        ForKey(CommandGroup.List, key, $"UPDATE {_tables.List} SET expire_at = NULL WHERE `key` = @key");

    public override void PersistHash(string key) =>
        ForKey(CommandGroup.Hash, key, $"UPDATE {_tables.Hash} SET expire_at = NULL WHERE `key` = @key");

    public override void AcquireDistributedLock(string resource, TimeSpan timeout) => _held.Add(connectionLocks.Acquire(resource, timeout));

    public override void SetJobParameter(string jobId, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        ArgumentNullException.ThrowIfNull(name);
        Job(jobId, _tables.UpsertParameter, ("@name", Sql.Fits(name, Tables.ParameterLength, nameof(name))), ("@value", value));
    }

    public override string CreateJob(Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(parameters);
        var rows = new JobRows(_tables, job, parameters, createdAt, expireIn);
        var number = connectionLocks.Run(rows.Reserve);
        _commands.Add(rows.InsertAs(number));
        return Sql.JobId(number);
    }

    public override void Commit()
    {
        try
        {
            Send();
            foreach (var job in _acknowledged)
                job.Acknowledged();
            foreach (var queue in _queues)
                storage.Fetcher.Queued(queue);
        }
        finally
        {
            Clear();
        }
    }

    public override void Dispose()
    {
        Clear();
        base.Dispose();
    }

    private void Send()
    {
        if (_counters.ToCommand(_tables) is { } counters)
            _commands.Add(counters);
        if (_commands.Count == 0)
            return;
        // Stable: calls for one key stay in their order.
        var ordered = _commands.OrderBy(command => command.Group).ThenBy(command => command.Key, StringComparer.Ordinal).ToList();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A commit whose answer is lost is not repeated: what it did is not known here, and the caller looks at the job's state.
                connectionLocks.RunOnce(connection =>
                {
                    CommandBatch.Run(connection, ordered, storage.Database.Options.TransactionTimeout);
                    return true;
                });
                return;
            }
            catch (Exception exception) when (attempt < CommitAttempts && SqlFaults.IsContention(exception))
            {
                Logger.DebugException($"A transaction is repeated ({attempt}): {exception.Message}", exception);
            }
            MySqlDatabase.Pause(attempt);
        }
    }

    private void Clear()
    {
        _commands.Clear();
        _counters.Clear();
        _queues.Clear();
        _acknowledged.Clear();
        foreach (var held in Enumerable.Reverse(_held))
            held.Dispose();
        _held.Clear();
    }

    private void AddJobState(string jobId, IState state, string? then)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        ArgumentNullException.ThrowIfNull(state);
        // The job's row is locked first: a job that is being deleted gets no state, and two writers of one job wait instead of deadlocking.
        var insert = $"""
            INSERT INTO {_tables.State} (job_id, name, reason, created_at, data)
            SELECT id, @name, @reason, {Sql.Now}, @data FROM {_tables.Job} WHERE id = @job FOR UPDATE
            """;
        Job(
            jobId,
            then is null ? insert : $"{insert}; {then}",
            ("@name", Sql.Fits(state.Name, Tables.StateLength, nameof(state))),
            ("@reason", Sql.Cut(state.Reason, Tables.ReasonLength)),
            ("@data", StateJson.Write(state))
        );
    }

    private void Expire(CommandGroup group, string table, string key, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(
            group,
            key,
            $"UPDATE {table} SET expire_at = {Sql.Now} + INTERVAL @in MICROSECOND WHERE `key` = @key",
            ("@key", key),
            ("@in", Sql.Microseconds(expireIn))
        );
    }

    private void ForKey(CommandGroup group, string key, string text)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(group, key, text, ("@key", key));
    }

    private void Job(string jobId, string text, params (string, object?)[] parameters)
    {
        // An id of another storage names no row here.
        if (Sql.JobNumber(jobId) is { } job)
            Add(CommandGroup.Job, BufferedCommand.JobKey(job), text, [("@job", job), .. parameters]);
    }

    private void Add(CommandGroup group, string key, string text, params (string, object?)[] parameters) =>
        _commands.Add(new BufferedCommand(group, key, text, parameters));

    private static string Key(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Sql.Fits(key, Tables.KeyLength, nameof(key));
    }
}
