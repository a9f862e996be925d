using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>
/// Removes old rows, a thousand at a time, never in one large transaction: of the log those that every configured reader has, of the
/// idempotency keys those past their time.
/// </summary>
internal sealed class LogCleanup(IOptions<OutboxOptions> options, Node node, TimeProvider clock, ILogger<LogCleanup> logger)
{
    private const int Chunk = 1_000;
    private long _nextLog = clock.GetTimestamp();
    private long _nextKeys = clock.GetTimestamp();

    /// <summary>One chunk of each, if it is due.</summary>
    public async Task StepAsync(
        MySqlConnection connection,
        Relay relay,
        IReadOnlyList<ClusterNode> live,
        CancellationToken cancellationToken
    )
    {
        await ForgetKeysAsync(connection).ConfigureAwait(false);
        if (clock.GetTimestamp() < _nextLog)
            return;
        var listsAgree = live.All(other => other.ReadersHash == node.ReadersHash);
        var more = false;
        for (var partition = 0; partition < relay.Partitions.Count && !cancellationToken.IsCancellationRequested; partition++)
        {
            var owned = relay.Partitions[partition];
            if (!owned.IsOwned)
                continue;
            var upTo = CleanupRule.SafeUpTo(owned.Acked, owned.Lasts, listsAgree);
            if (upTo > 0)
                more |= await RemoveRowsAsync(connection, partition, upTo).ConfigureAwait(false) == Chunk;
        }

        // A full chunk means there is more; it is taken with the next heartbeat, so that others get a turn.
        if (!more)
            _nextLog = clock.GetTimestamp() + (long)(options.Value.CleanupInterval.TotalSeconds * clock.TimestampFrequency);
    }

    public async Task ForgetKeysAsync(MySqlConnection connection)
    {
        if (clock.GetTimestamp() < _nextKeys)
            return;
        using var command = connection.CreateCommand();
        command.CommandText = $"DELETE FROM idempotency WHERE at < UTC_TIMESTAMP(6) - INTERVAL @seconds SECOND ORDER BY at LIMIT {Chunk}";
        command.Parameters.AddWithValue("@seconds", (long)options.Value.IdempotencyRetention.TotalSeconds);
        if (await command.ExecuteNonQueryAsync().ConfigureAwait(false) < Chunk)
            _nextKeys = clock.GetTimestamp() + (long)(options.Value.CleanupInterval.TotalSeconds * clock.TimestampFrequency);
    }

    private async Task<int> RemoveRowsAsync(MySqlConnection connection, int partition, ulong upTo)
    {
        // The time has no index, and rows rise in it with their number: the oldest thousand are looked at, and of them the old ones go.
        using var look = connection.CreateCommand();
        look.CommandText =
            "SELECT COALESCE(MAX(CASE WHEN accepted_at < UTC_TIMESTAMP(6) - INTERVAL @seconds SECOND THEN seq END), 0) FROM ("
            + $"SELECT seq, accepted_at FROM event_log WHERE partition_no = @partition AND seq <= @upto ORDER BY seq LIMIT {Chunk}) oldest";
        look.Parameters.AddWithValue("@seconds", (long)options.Value.Retention.TotalSeconds);
        look.Parameters.AddWithValue("@partition", partition);
        look.Parameters.AddWithValue("@upto", upTo);
        var last = Convert.ToUInt64(await look.ExecuteScalarAsync().ConfigureAwait(false), null);
        if (last == 0)
            return 0;

        using var remove = connection.CreateCommand();
        remove.CommandText = $"DELETE FROM event_log WHERE partition_no = @partition AND seq <= @last ORDER BY seq LIMIT {Chunk}";
        remove.Parameters.AddWithValue("@partition", partition);
        remove.Parameters.AddWithValue("@last", last);
        var removed = await remove.ExecuteNonQueryAsync().ConfigureAwait(false);
        logger.RowsRemoved(removed, partition, last);
        return removed;
    }
}
