using Hangfire.Common;
using Hangfire.Server;
using Hangfire.Storage;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>Jobs, servers, locks and the clock; <c>MySqlStorageConnection.Collections</c> has sets, hashes, lists and counters.</summary>
internal sealed partial class MySqlStorageConnection(MySqlStorage storage) : JobStorageConnection
{
    private readonly MySqlDatabase _database = storage.Database;
    private readonly ConnectionLocks _locks = new(storage.Database, storage.Keeper);

    private Tables Tables => _database.Tables;

    public override void Dispose()
    {
        _locks.Dispose();
        base.Dispose();
    }

    public override IWriteOnlyTransaction CreateWriteTransaction() => new MySqlWriteTransaction(storage, _locks);

    public override IDisposable AcquireDistributedLock(string resource, TimeSpan timeout) => _locks.Acquire(resource, timeout);

    public override IFetchedJob FetchNextJob(string[] queues, CancellationToken cancellationToken) =>
        storage.Fetcher.Fetch(queues, cancellationToken);

    public override string CreateExpiredJob(Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(parameters);
        var rows = new JobRows(Tables, job, parameters, createdAt, expireIn);
        // Repeating is safe: what a lost answer leaves behind has no state and expires.
        return Sql.JobId(_locks.Run(rows.Insert));
    }

    public override void SetJobParameter(string id, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(name);
        Sql.Fits(name, Tables.ParameterLength, nameof(name));
        if (Sql.JobNumber(id) is not { } job)
            return;
        // Read committed, so that it locks no job: others lock the job after the parameter.
        Execute(
            $"SET TRANSACTION ISOLATION LEVEL READ COMMITTED; {Tables.UpsertParameter}",
            ("@job", job),
            ("@name", name),
            ("@value", value)
        );
    }

    public override string? GetJobParameter(string id, string name)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(name);
        if (Sql.JobNumber(id) is not { } job)
            return null;
        return Rows(
                $"SELECT value FROM {Tables.JobParameter} WHERE job_id = @job AND name = @name",
                reader => reader.Text(0),
                ("@job", job),
                ("@name", name)
            )
            .FirstOrDefault();
    }

    public override JobData? GetJobData(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        if (Sql.JobNumber(jobId) is not { } job)
            return null;
        return _locks.Run(connection =>
        {
            using var command = Timed(
                connection,
                $"""
                SELECT invocation_data, arguments, state_name, created_at FROM {Tables.Job} WHERE id = @job;
                SELECT name, value FROM {Tables.JobParameter} WHERE job_id = @job
                """,
                ("@job", job)
            );
            using var reader = command.ExecuteReader();
            if (!reader.Read())
                return null;
            var loaded = LoadedJob.From(new Payload(reader.GetString(0), reader.Text(1)));
            var data = new JobData
            {
                Job = loaded.Job,
                InvocationData = loaded.Data,
                LoadException = loaded.Exception,
                State = reader.Text(2),
                CreatedAt = reader.Utc(3),
            };
            reader.NextResult();
            data.ParametersSnapshot = Parameters(reader);
            return data;
        });
    }

    public override StateData? GetStateData(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        if (Sql.JobNumber(jobId) is not { } job)
            return null;
        return Rows(
                $"SELECT s.name, s.reason, s.data FROM {Tables.Job} j JOIN {Tables.State} s ON s.job_id = j.id AND s.id = j.state_id WHERE j.id = @job",
                reader => new StateData
                {
                    Name = reader.GetString(0),
                    Reason = reader.Text(1),
                    Data = StateJson.Read(reader.Text(2)),
                },
                ("@job", job)
            )
            .FirstOrDefault();
    }

    public override void AnnounceServer(string serverId, ServerContext context)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        ArgumentNullException.ThrowIfNull(context);
        Sql.Fits(serverId, Tables.ServerLength, nameof(serverId));
        var data = new ServerData
        {
            WorkerCount = context.WorkerCount,
            Queues = context.Queues,
            StartedAt = GetUtcDateTime(),
        };
        Execute(
            $"INSERT INTO {Tables.Server} (id, data, last_heartbeat) VALUES (@id, @data, {Sql.Now}) "
                + "ON DUPLICATE KEY UPDATE data = VALUES(data), last_heartbeat = VALUES(last_heartbeat)",
            ("@id", serverId),
            ("@data", SerializationHelper.Serialize(data))
        );
    }

    public override void RemoveServer(string serverId)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        Execute($"DELETE FROM {Tables.Server} WHERE id = @id", ("@id", serverId));
    }

    public override void Heartbeat(string serverId)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        if (Execute($"UPDATE {Tables.Server} SET last_heartbeat = {Sql.Now} WHERE id = @id", ("@id", serverId)) == 0)
            throw new BackgroundServerGoneException();
    }

    public override int RemoveTimedOutServers(TimeSpan timeOut)
    {
        if (timeOut < TimeSpan.Zero)
            throw new ArgumentException($"The timeout must not be negative, but is {timeOut}.", nameof(timeOut));
        // Found by a read, deleted by their ids: a locking scan of the heartbeats' index deadlocks with the heartbeats.
        var silent = $"last_heartbeat < {Sql.Now} - INTERVAL @timeout MICROSECOND";
        var timeout = ("@timeout", (object)Sql.Microseconds(timeOut));
        var ids = Rows($"SELECT id FROM {Tables.Server} WHERE {silent} ORDER BY id", reader => reader.GetString(0), timeout);
        return ids.Sum(id => Execute($"DELETE FROM {Tables.Server} WHERE id = @id AND {silent}", ("@id", id), timeout));
    }

    public override DateTime GetUtcDateTime() => Rows($"SELECT {Sql.Now}", reader => reader.Utc(0)).Single();

    internal static Dictionary<string, string?> Parameters(MySqlDataReader reader)
    {
        var parameters = new Dictionary<string, string?>();
        while (reader.Read())
            parameters[reader.GetString(0)] = reader.Text(1);
        return parameters;
    }

    private List<T> Rows<T>(string text, Func<MySqlDataReader, T> row, params (string, object?)[] parameters) =>
        _locks.Run(connection => Timed(connection, text, parameters).Rows(row));

    private long Number(string text, params (string, object?)[] parameters) =>
        _locks.Run(connection => Timed(connection, text, parameters).Number());

    private int Execute(string text, params (string, object?)[] parameters) =>
        _locks.Run(connection => Timed(connection, text, parameters).Execute());

    private MySqlCommand Timed(MySqlConnection connection, string text, params (string, object?)[] parameters) =>
        _database.Timed(Sql.Command(connection, text, parameters));
}
