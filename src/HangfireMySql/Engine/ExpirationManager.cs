using Hangfire.Logging;
using Hangfire.Server;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>Deletes what has expired, in small transactions that pass over rows in use. One server of a storage does it at a time.</summary>
#pragma warning disable CS0618 // IServerComponent is how older hosts run it.
internal sealed class ExpirationManager(MySqlDatabase database, LockKeeper keeper) : IBackgroundProcess, IServerComponent
#pragma warning restore CS0618
{
    private static readonly TimeSpan BetweenBatches = TimeSpan.FromMilliseconds(50);
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly Tables _tables = database.Tables;

    public void Execute(BackgroundProcessContext context) => Execute(context.StoppingToken);

    public void Execute(CancellationToken cancellationToken)
    {
        Pass(cancellationToken);
        cancellationToken.WaitHandle.WaitOne(database.Options.JobExpirationCheckInterval);
    }

    public override string ToString() => "Hangfire.MySql expiration";

    /// <summary>Deletes everything that has expired, unless another server is at it.</summary>
    /// <returns>How many jobs and entries were deleted; null when another server is at it.</returns>
    public long? Pass(CancellationToken cancellationToken)
    {
        using var exclusive = Exclusive.TryEnter(database, keeper, "expiration");
        if (exclusive is null)
        {
            Logger.Debug("Another server is deleting what has expired.");
            return null;
        }
        var deleted = Batches(DeleteJobs, cancellationToken);
        deleted += Batches(DeleteCounters, cancellationToken);
        deleted += Batches(DeleteListItems, cancellationToken);
        deleted += Batches(connection => DeleteEntries(connection, _tables.Set, "value"), cancellationToken);
        deleted += Batches(connection => DeleteEntries(connection, _tables.Hash, "field"), cancellationToken);
        if (database.Options.InactiveStateExpirationTimeout > TimeSpan.Zero)
            deleted += DeleteInactiveStates(cancellationToken);
        if (deleted > 0)
            Logger.Debug($"{deleted} expired rows were deleted.");
        return deleted;
    }

    private long Batches(Func<MySqlConnection, int> delete, CancellationToken cancellationToken)
    {
        long total = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var deleted = database.Run(connection => InTransaction(connection, () => delete(connection)));
            total += deleted;
            if (deleted < database.Options.DeleteExpiredBatchSize)
                break;
            // Others get their turn, and the server clears away behind us.
            cancellationToken.WaitHandle.WaitOne(BetweenBatches);
        }
        return total;
    }

    // By the ids that were locked, in ascending order, children with their parent.
    private int DeleteJobs(MySqlConnection connection)
    {
        var ids = Expired(connection, _tables.Job, "id").Rows(reader => reader.GetInt64(0));
        if (ids.Count == 0)
            return 0;
        foreach (var (table, job) in new[] { (_tables.JobParameter, "job_id"), (_tables.State, "job_id"), (_tables.Job, "id") })
            Delete(connection, table, $"t.{job} = c.id", _tables.Job, "id", ids);
        return ids.Count;
    }

    private int DeleteCounters(MySqlConnection connection)
    {
        var keys = Expired(connection, _tables.AggregatedCounter, "`key`").Rows(reader => reader.GetString(0));
        return Delete(connection, _tables.AggregatedCounter, "t.`key` = c.`key`", _tables.AggregatedCounter, "`key`", keys);
    }

    private int DeleteListItems(MySqlConnection connection)
    {
        var ids = Expired(connection, _tables.List, "id").Rows(reader => reader.GetInt64(0));
        return Delete(connection, _tables.List, "t.id = c.id", _tables.List, "id", ids);
    }

    private int DeleteEntries(MySqlConnection connection, string table, string name)
    {
        var rows = Expired(connection, table, $"`key`, {name}").Rows(reader => (Key: reader.GetString(0), Name: reader.GetString(1)));
        return rows.GroupBy(row => row.Key, row => row.Name)
            .Sum(some => Delete(connection, table, $"t.`key` = @key AND t.{name} = c.{name}", table, name, some, some.Key));
    }

    // What this transaction has locked is found once more, passing over the rest: the server may prefer to read a small table as a whole, and
    // must not wait then for rows that are nobody's business here.
    private int Delete<T>(
        MySqlConnection connection,
        string table,
        string same,
        string locked,
        string column,
        IEnumerable<T> values,
        string? key = null
    )
    {
        var command = database.Timed(Sql.Command(connection, "", ("@key", key)));
        var names = Sql.List(command.Parameters, "v", values);
        if (names.Length == 0)
            return 0;
        command.CommandText = $"""
            DELETE t FROM (
              SELECT {column} FROM {locked} FORCE INDEX (PRIMARY)
              WHERE {(key is null ? "" : "`key` = @key AND ")}{column} IN ({names}) {Sql.Apart} FOR UPDATE SKIP LOCKED
            ) c STRAIGHT_JOIN {table} t FORCE INDEX (PRIMARY) ON {same}
            """;
        return command.Execute();
    }

    /// <summary>
    /// Finds what has expired and locks it row by row by the primary key, passing over rows in use. The inner part locks nothing: a locking scan
    /// of the index would hold an entry and wait for its row, while a worker holds the row and moves the entry.
    /// </summary>
    private MySqlCommand Expired(MySqlConnection connection, string table, string key)
    {
        var columns = key.Split(", ");
        var limit = database.Options.DeleteExpiredBatchSize;
        return database.Timed(
            Sql.Command(
                connection,
                $"""
                SELECT {string.Join(", ", columns.Select(column => $"t.{column}"))} FROM (
                  SELECT {key} FROM {table} FORCE INDEX (ix_expire) WHERE expire_at < {Sql.Now} ORDER BY expire_at LIMIT @window
                ) c STRAIGHT_JOIN {table} t FORCE INDEX (PRIMARY) ON {string.Join(
                    " AND ",
                    columns.Select(column => $"t.{column} = c.{column}")
                )}
                WHERE t.expire_at < {Sql.Now} LIMIT @limit FOR UPDATE SKIP LOCKED
                """,
                ("@limit", limit),
                // More than are wanted: those in use do not count.
                ("@window", 2L * limit + 100)
            )
        );
    }

    // Ids rise with time, so the walk ends at the first state that is young enough.
    private long DeleteInactiveStates(CancellationToken cancellationToken)
    {
        long last = 0,
            deleted = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var page = database.Run(connection =>
                database
                    .Timed(
                        Sql.Command(
                            connection,
                            $"""
                            SELECT s.id, s.job_id, s.created_at < {Sql.Now} - INTERVAL @age MICROSECOND, COALESCE(j.state_id <> s.id, 1)
                            FROM {_tables.State} s LEFT JOIN {_tables.Job} j ON j.id = s.job_id WHERE s.id > @last ORDER BY s.id LIMIT @limit
                            """,
                            ("@age", Sql.Microseconds(database.Options.InactiveStateExpirationTimeout)),
                            ("@last", last),
                            ("@limit", database.Options.DeleteExpiredBatchSize)
                        )
                    )
                    .Rows(reader =>
                        (Id: reader.GetInt64(0), Job: reader.GetInt64(1), Old: reader.GetInt32(2) == 1, Inactive: reader.GetInt32(3) == 1)
                    )
            );
            var old = page.TakeWhile(state => state.Old).ToList();
            var inactive = old.Where(state => state.Inactive).ToLookup(state => state.Job, state => state.Id);
            if (inactive.Count > 0)
                deleted += database.Run(connection => InTransaction(connection, () => DeleteStates(connection, inactive)));
            if (old.Count < database.Options.DeleteExpiredBatchSize)
                break;
            last = old[^1].Id;
        }
        return deleted;
    }

    // Each by its whole key, so that no state is locked that a worker is just adding to one of these jobs. One that was left behind never
    // becomes current again.
    private int DeleteStates(MySqlConnection connection, ILookup<long, long> states)
    {
        var command = database.Timed(Sql.Command(connection, ""));
        var keys = states
            .OrderBy(job => job.Key)
            .Select(
                (job, at) =>
                {
                    command.Parameters.AddWithValue($"@j{at}", job.Key);
                    return $"t.job_id = @j{at} AND t.id IN ({Sql.List(command.Parameters, $"s{at}_", job)})";
                }
            )
            .ToList();
        command.CommandText = $"DELETE t FROM {_tables.State} t FORCE INDEX (PRIMARY) WHERE {string.Join(" OR ", keys)}";
        return command.Execute();
    }

    private static int InTransaction(MySqlConnection connection, Func<int> work)
    {
        Sql.Command(connection, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION").Execute();
        try
        {
            var result = work();
            Sql.Command(connection, "COMMIT").Execute();
            return result;
        }
        catch (Exception exception) when (!SqlFaults.IsConnection(exception))
        {
            Sql.Command(connection, "ROLLBACK").Execute();
            throw;
        }
    }
}
