using Hangfire.Logging;
using Hangfire.Server;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>
/// Sums single counter rows up. The rows that are deleted are the ones that were read, so no count is lost or counted twice. One server of a
/// storage does it at a time: two that add to the same sums deadlock again and again.
/// </summary>
#pragma warning disable CS0618 // IServerComponent is how older hosts run it.
internal sealed class CountersAggregator(MySqlDatabase database, LockKeeper keeper) : IBackgroundProcess, IServerComponent
#pragma warning restore CS0618
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan BetweenBatches = TimeSpan.FromMilliseconds(20);
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly Tables _tables = database.Tables;

    public void Execute(BackgroundProcessContext context) => Execute(context.StoppingToken);

    public void Execute(CancellationToken cancellationToken)
    {
        Pass(cancellationToken);
        cancellationToken.WaitHandle.WaitOne(database.Options.CountersAggregateInterval);
    }

    public override string ToString() => "Hangfire.MySql counters";

    /// <summary>Sums up all rows there are, unless another server is at it.</summary>
    /// <returns>How many rows were summed up; null when another server is at it.</returns>
    public long? Pass(CancellationToken cancellationToken)
    {
        using var exclusive = Exclusive.TryEnter(database, keeper, "counters");
        if (exclusive is null)
        {
            Logger.Debug("Another server is summing up the counters.");
            return null;
        }
        long total = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            // A commit whose answer is lost must not be repeated, but this is: its rows are either still there or gone.
            int rows;
            try
            {
                rows = database.Run(Aggregate);
            }
            catch (MySqlException exception) when (SqlFaults.IsContention(exception))
            {
                // Sums that expire are deleted meanwhile, or this server lost its lock. The rows are still there for the next pass.
                Logger.InfoException("Counters are changed by others at the same time; the rest waits for the next pass.", exception);
                break;
            }
            total += rows;
            if (rows < BatchSize)
                break;
            cancellationToken.WaitHandle.WaitOne(BetweenBatches);
        }
        if (total > 0)
            Logger.Debug($"{total} counter rows were summed up.");
        return total;
    }

    private int Aggregate(MySqlConnection connection)
    {
        Sql.Command(connection, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION").Execute();
        try
        {
            var rows = database
                .Timed(
                    Sql.Command(
                        connection,
                        $"SELECT id, `key`, value, expire_at FROM {_tables.Counter} ORDER BY id LIMIT {BatchSize} FOR UPDATE SKIP LOCKED"
                    )
                )
                .Rows(reader =>
                    (Id: reader.GetInt64(0), Key: reader.GetString(1), Value: reader.GetInt64(2), ExpireAt: reader.UtcOrNull(3))
                );
            if (rows.Count > 0)
                Sum(connection, rows);
            Sql.Command(connection, "COMMIT").Execute();
            return rows.Count;
        }
        catch (Exception exception) when (!SqlFaults.IsConnection(exception))
        {
            Sql.Command(connection, "ROLLBACK").Execute();
            throw;
        }
    }

    private void Sum(MySqlConnection connection, List<(long Id, string Key, long Value, DateTime? ExpireAt)> rows)
    {
        var command = database.Timed(Sql.Command(connection, ""));
        var sums = rows.GroupBy(row => row.Key)
            .OrderBy(sum => sum.Key, StringComparer.Ordinal)
            .Select(
                (sum, at) =>
                {
                    command.Parameters.AddWithValue($"@k{at}", sum.Key);
                    command.Parameters.AddWithValue($"@v{at}", sum.Sum(row => row.Value));
                    command.Parameters.AddWithValue($"@e{at}", sum.Any(row => row.ExpireAt is null) ? null : sum.Max(row => row.ExpireAt));
                    return $"(@k{at}, @v{at}, @e{at})";
                }
            )
            .ToList();
        var ids = Sql.List(command.Parameters, "i", rows.Select(row => row.Id));
        // The rows are locked since they were read; a scan of the table would wait for those that others are adding.
        // Without an end on either side there is none: GREATEST is NULL when one of its arguments is, which here means never.
        command.CommandText = $"""
            INSERT INTO {_tables.AggregatedCounter} (`key`, value, expire_at) VALUES {string.Join(", ", sums)}
            ON DUPLICATE KEY UPDATE value = value + VALUES(value), expire_at = GREATEST(expire_at, VALUES(expire_at));
            DELETE t FROM (SELECT id FROM {_tables.Counter} FORCE INDEX (PRIMARY) WHERE id IN ({ids}) {Sql.Apart} FOR UPDATE SKIP LOCKED) c
            STRAIGHT_JOIN {_tables.Counter} t FORCE INDEX (PRIMARY) ON t.id = c.id
            """;
        command.Execute();
    }
}
