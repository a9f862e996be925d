using Hangfire.Logging;
using Hangfire.Storage;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>A job that was taken from its queue for as long as this process lives and says so.</summary>
internal sealed class MySqlFetchedJob : IFetchedJob
{
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly MySqlDatabase _database;
    private readonly LeaseRegistry _leases;
    private readonly Action<string> _queued;
    private readonly Lock _lock = new();
    private long _token;
    private bool _done;

    public MySqlFetchedJob(MySqlDatabase database, LeaseRegistry leases, Action<string> queued, ClaimedRow row)
    {
        _database = database;
        _leases = leases;
        _queued = queued;
        _token = row.Token;
        RowId = row.Id;
        JobId = Sql.JobId(row.JobId);
        Queue = row.Queue;
        leases.Add(this);
    }

    public long RowId { get; }
    public string JobId { get; }
    public string Queue { get; }

    /// <summary>Who holds the row; another after the row was adopted anew.</summary>
    public long Token => Volatile.Read(ref _token);

    /// <summary>Goes on under a new token; false when the job has ended meanwhile.</summary>
    public bool TryAdopt(long token)
    {
        lock (_lock)
        {
            if (_done)
                return false;
            if (token != _token)
                Logger.Warn(
                    $"The lease of job {JobId} had run out while this process still runs it; nobody took it, and it is held again."
                );
            Volatile.Write(ref _token, token);
            return true;
        }
    }

    public void RemoveFromQueue()
    {
        lock (_lock)
        {
            if (_done)
                return;
            if (Change($"DELETE FROM {_database.Tables.JobQueue} WHERE {QueueTable.IsHeld}") == 0)
                Logger.Warn(
                    $"Job {JobId} is not removed from queue '{Queue}': its lease was lost, or it was removed by a commit in doubt."
                );
            Done();
        }
    }

    public void Requeue()
    {
        lock (_lock)
        {
            if (_done)
                return;
            var rows = Change(
                $"UPDATE {_database.Tables.JobQueue} SET visible_at = {Sql.Now}, fetched_at = NULL, fetch_token = NULL WHERE {QueueTable.IsHeld}"
            );
            Done();
            if (rows == 0)
                Logger.Warn(
                    $"Job {JobId} is not put back into queue '{Queue}': its lease was lost, or it was removed by a commit in doubt."
                );
            else
                _queued(Queue);
        }
    }

    /// <summary>A committed transaction has removed the row.</summary>
    public void Acknowledged()
    {
        lock (_lock)
            Done();
    }

    /// <summary>Puts the job back unless it was removed or put back.</summary>
    public void Dispose()
    {
        try
        {
            Requeue();
        }
        catch (Exception exception) when (exception is MySqlException or InvalidOperationException or IOException or TimeoutException)
        {
            Logger.WarnException(
                $"Job {JobId} could not be put back into queue '{Queue}'; it is fetched again when its lease ends.",
                exception
            );
        }
        finally
        {
            // What was not put back must not be kept alive.
            _leases.Remove(this);
        }
    }

    private int Change(string text) =>
        _database.Run(connection => _database.Timed(Sql.Command(connection, text, ("@id", RowId), ("@token", Token))).Execute());

    private void Done()
    {
        _done = true;
        _leases.Remove(this);
    }
}
