using MySqlConnector;

namespace KafkaMySql;

/// <summary>The relay's questions to the log. They read committed rows without locks.</summary>
internal sealed class LogRows(EventLogDatabase database)
{
    /// <summary>The rows after <paramref name="seq"/> in order, at most <paramref name="count"/>.</summary>
    public async Task<List<LogRow>> ReadAfterAsync(int partition, ulong seq, int count, CancellationToken cancellationToken)
    {
        using var connection = await database.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT seq, after_seq, trace_id, key_bytes, value, headers FROM event_log "
            + "WHERE partition_no = @partition AND seq > @seq ORDER BY seq LIMIT @count";
        command.CommandTimeout = 10;
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@seq", seq);
        command.Parameters.AddWithValue("@count", count);
        var rows = new List<LogRow>(count);
        using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            rows.Add(
                new LogRow(
                    reader.GetUInt64(0),
                    reader.GetUInt64(1),
                    reader.GetString(2),
                    reader.GetFieldValue<byte[]>(3),
                    reader.GetFieldValue<byte[]>(4),
                    reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5)
                )
            );
        return rows;
    }

    /// <summary>Where to go back to for a reader at <paramref name="last"/>; null when the log has nothing above it.</summary>
    public async Task<RewindTarget?> FindTargetAsync(int partition, ulong last, CancellationToken cancellationToken)
    {
        using var connection = await database.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT seq, after_seq, COALESCE((SELECT MAX(seq) FROM event_log WHERE partition_no = @partition AND seq <= @last), 0) "
            + "FROM event_log WHERE partition_no = @partition AND seq > @last ORDER BY seq LIMIT 1";
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@last", last);
        using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? new RewindTarget(Convert.ToUInt64(reader.GetValue(2), null), reader.GetUInt64(0), reader.GetUInt64(1))
            : null;
    }

    /// <summary>Counts a stretch, from (exclusive) and to, at most 20,000 rows of it.</summary>
    public async Task<(ulong UpTo, long Rows, long Bytes, TimeSpan Age)?> CountAsync(
        int partition,
        ulong from,
        ulong to,
        CancellationToken cancellationToken
    )
    {
        using var connection = await database.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT MAX(seq), COUNT(*), COALESCE(SUM(bytes), 0), TIMESTAMPDIFF(MICROSECOND, MIN(accepted_at), UTC_TIMESTAMP(6)) FROM ("
            + "SELECT seq, OCTET_LENGTH(key_bytes) + OCTET_LENGTH(value) AS bytes, accepted_at FROM event_log "
            + "WHERE partition_no = @partition AND seq > @from AND seq <= @to ORDER BY seq LIMIT 20000) stretch";
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@from", from);
        command.Parameters.AddWithValue("@to", to);
        using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return reader.IsDBNull(0)
            ? null
            : (
                reader.GetUInt64(0),
                reader.GetInt64(1),
                Convert.ToInt64(reader.GetValue(2), null),
                TimeSpan.FromMicroseconds(Math.Max(0, reader.GetInt64(3)))
            );
    }
}
