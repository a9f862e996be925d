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
        deleted += Batches(connection => DeleteRows(connection, _tables.AggregatedCounter, "`key`"), cancellationToken);
        deleted += Batches(connection => DeleteRows(connection, _tables.List, "id"), cancellationToken);
        deleted += Batches(connection => DeleteRows(connection, _tables.Set, "`key`, value"), cancellationToken);
        deleted += Batches(connection => DeleteRows(connection, _tables.Hash, "`key`, field"), cancellationToken);
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
        var ids = Limited(connection, Expired(_tables.Job, "id")).Rows(reader => reader.GetInt64(0));
        if (ids.Count == 0)
            return 0;
        ids.Sort();
        var command = database.Timed(Sql.Command(connection, ""));
        var names = Sql.List(command.Parameters, "i", ids);
        command.CommandText = $"""
            DELETE t FROM {_tables.Job} t FORCE INDEX (PRIMARY) WHERE t.id IN ({names});
            DELETE t FROM {_tables.JobParameter} t FORCE INDEX (PRIMARY) WHERE t.job_id IN ({names});
            DELETE t FROM {_tables.State} t FORCE INDEX (PRIMARY) WHERE t.job_id IN ({names})
            """;
        command.Execute();
        return ids.Count;
    }

    // The rows found come first in the join: a scan of the table would wait for those in use.
    private int DeleteRows(MySqlConnection connection, string table, string key)
    {
        var same = string.Join(" AND ", key.Split(", ").Select(column => $"t.{column} = c.{column}"));
        return Limited(connection, $"DELETE t FROM ({Expired(table, key)}) c STRAIGHT_JOIN {table} t ON {same}").Execute();
    }

    private static string Expired(string table, string columns) =>
        $"SELECT {columns} FROM {table} FORCE INDEX (ix_expire) WHERE expire_at < {Sql.Now} ORDER BY expire_at LIMIT @limit FOR UPDATE SKIP LOCKED";

    private MySqlCommand Limited(MySqlConnection connection, string text) =>
        database.Timed(Sql.Command(connection, text, ("@limit", database.Options.DeleteExpiredBatchSize)));

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
            var inactive = old.Where(state => state.Inactive).ToList();
            if (inactive.Count > 0)
                deleted += database.Run(connection =>
                {
                    var command = database.Timed(Sql.Command(connection, ""));
                    var jobs = Sql.List(command.Parameters, "j", inactive.Select(state => state.Job).Distinct().Order());
                    var ids = Sql.List(command.Parameters, "s", inactive.Select(state => state.Id));
                    // A state that was left behind never becomes current again.
                    command.CommandText =
                        $"DELETE t FROM {_tables.State} t FORCE INDEX (PRIMARY) WHERE t.job_id IN ({jobs}) AND t.id IN ({ids})";
                    return command.Execute();
                });
            if (old.Count < database.Options.DeleteExpiredBatchSize)
                break;
            last = old[^1].Id;
        }
        return deleted;
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
