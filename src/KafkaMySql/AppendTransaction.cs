using System.Text;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>
/// Writes one batch: lock the heads it needs in key order and look up its idempotency keys (one packet), insert rows, move the heads and
/// commit (one packet). Nothing here answers anyone; the outcome of each event is only prepared.
/// </summary>
internal sealed class AppendTransaction
{
    private const int RowParameters = 9;
    private readonly HashSet<int> _raised = [];
    private readonly Dictionary<int, ulong> _given = [];
    private readonly Dictionary<int, string> _insertTexts = [];
    private long _generation = -1;

    /// <summary>Commits the batch, or finds that the attempt in <paramref name="doubt"/> did.</summary>
    /// <exception cref="CommitInDoubtException">The rows may or may not be there.</exception>
    public async Task RunAsync(MySqlConnection connection, long generation, IReadOnlyList<PendingAppend> batch, CommitDoubt? doubt)
    {
        if (_generation != generation)
        {
            _raised.Clear();
            _generation = generation;
        }

        var partitions = batch.Select(append => append.Partition).Distinct().Order().ToArray();
        var (heads, hits, committed) = await LockAsync(connection, batch, partitions, doubt).ConfigureAwait(false);
        if (committed)
        {
            // What was prepared for the attempt in doubt is what is in the database.
            await ExecuteAsync(connection, "ROLLBACK").ConfigureAwait(false);
            return;
        }

        Prepare(batch, heads, hits);
        if (batch.FirstOrDefault(append => append.Row is not null) is not { Row: { } firstRow } first)
        {
            await ExecuteAsync(connection, "COMMIT").ConfigureAwait(false);
            return;
        }

        try
        {
            await InsertAndCommitAsync(connection, batch, heads).ConfigureAwait(false);
        }
        catch (Exception failure) when (SqlFaults.MayHaveCommitted(failure))
        {
            throw new CommitInDoubtException(new CommitDoubt(first.Partition, firstRow.Seq, firstRow.TraceId), failure);
        }

        foreach (var (partition, head) in heads)
        {
            _raised.Add(partition);
            _given[partition] = head.LastSeq;
        }
    }

    private async Task<(Dictionary<int, PartitionHead> Heads, Dictionary<IdempotencyId, Hit> Hits, bool Committed)> LockAsync(
        MySqlConnection connection,
        IReadOnlyList<PendingAppend> batch,
        int[] partitions,
        CommitDoubt? doubt
    )
    {
        using var command = connection.CreateCommand();
        var sql = new StringBuilder(
            "START TRANSACTION; SELECT partition_no, last_seq, next_seq, UNIX_TIMESTAMP(), MICROSECOND(UTC_TIMESTAMP(6)) "
                + "FROM partition_head WHERE partition_no IN ("
        )
            .AppendJoin(',', partitions)
            .Append(") ORDER BY partition_no FOR UPDATE");
        if (doubt is not null)
        {
            // The lock on the head waited for the old transaction's end, so this read sees what became of it.
            sql.Append("; SELECT trace_id FROM event_log WHERE partition_no = @partition AND seq = @seq");
            command.Parameters.AddWithValue("@partition", doubt.Partition);
            command.Parameters.AddWithValue("@seq", doubt.Seq);
        }

        AddLookup(command, sql, batch);
        command.CommandText = sql.ToString();

        using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        var heads = new Dictionary<int, PartitionHead>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            var partition = reader.GetInt32(0);
            var head = new PartitionHead(reader.GetUInt64(1), reader.GetUInt64(2));
            if (!_raised.Contains(partition))
            {
                head.RaiseTo(PartitionHead.Floor(reader.GetInt64(3), reader.GetInt32(4)));
                // A database emptied and made anew whose clock was put back.
                head.RaiseTo(_given.GetValueOrDefault(partition) + 1);
            }

            heads.Add(partition, head);
        }

        if (heads.Count != partitions.Length)
            throw new InvalidOperationException("The log lacks the head of a partition; somebody removed rows of partition_head.");

        var committed = false;
        if (doubt is not null)
        {
            await reader.NextResultAsync().ConfigureAwait(false);
            committed = await reader.ReadAsync().ConfigureAwait(false) && reader.GetString(0) == doubt.TraceId;
        }

        var hits = new Dictionary<IdempotencyId, Hit>();
        if (await reader.NextResultAsync().ConfigureAwait(false))
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                var receipt = new LogReceipt(reader.GetInt32(3), reader.GetUInt64(4), reader.GetString(2), true);
                hits.Add(IdempotencyId.Of(reader.GetFieldValue<byte[]>(0)), new Hit(reader.GetFieldValue<byte[]>(1), receipt));
            }
        }

        return (heads, hits, committed);
    }

    private static void AddLookup(MySqlCommand command, StringBuilder sql, IReadOnlyList<PendingAppend> batch)
    {
        var number = 0;
        foreach (var append in batch)
        {
            if (append.Event.Idempotency is not { } key)
                continue;
            sql.Append(number == 0 ? "; SELECT id, body_hash, trace_id, partition_no, seq FROM idempotency WHERE id IN (" : ",");
            sql.Append("@id").Append(number);
            command.Parameters.AddWithValue("@id" + number++, key.Id);
        }

        if (number > 0)
            sql.Append(')');
    }

    private static void Prepare(
        IReadOnlyList<PendingAppend> batch,
        Dictionary<int, PartitionHead> heads,
        Dictionary<IdempotencyId, Hit> hits
    )
    {
        foreach (var append in batch)
        {
            append.Row = null;
            if (append.Event.Idempotency is { } key && hits.TryGetValue(IdempotencyId.Of(key.Id), out var hit))
            {
                append.Prepared = hit.BodyHash.AsSpan().SequenceEqual(key.BodyHash)
                    ? new LogOutcome(hit.Receipt, null)
                    : new LogOutcome(null, PendingAppend.Conflict());
                continue;
            }

            var head = heads[append.Partition];
            append.MakeRow(head.Take());
            heads[append.Partition] = head;
        }
    }

    private async Task InsertAndCommitAsync(
        MySqlConnection connection,
        IReadOnlyList<PendingAppend> batch,
        Dictionary<int, PartitionHead> heads
    )
    {
        using var command = connection.CreateCommand();
        var rows = 0;
        var keys = 0;
        foreach (var append in batch)
        {
            if (append.Row is not { } row)
                continue;
            rows++;
            keys += append.Event.Idempotency is null ? 0 : 1;
            Add(command, append.Partition);
            Add(command, row.Seq);
            Add(command, row.After);
            Add(command, row.TraceId);
            Add(command, append.Event.TypeId);
            Add(command, row.Key);
            Add(command, row.Value);
            Add(command, row.Headers);
            Add(command, append.Event.Digest);
        }

        var sql = new StringBuilder(InsertText(rows));
        if (keys > 0)
            AddIdempotency(command, sql, batch);
        foreach (var (partition, head) in heads)
        {
            sql.Append("; UPDATE partition_head SET last_seq = ?, next_seq = ? WHERE partition_no = ?");
            Add(command, head.LastSeq);
            Add(command, head.NextSeq);
            Add(command, partition);
        }

        // The server stops at the first statement that fails, so the commit is reached only behind all of them.
        command.CommandText = sql.Append("; COMMIT").ToString();
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private string InsertText(int rows)
    {
        if (_insertTexts.TryGetValue(rows, out var text))
            return text;
        text =
            "INSERT INTO event_log (partition_no, seq, after_seq, trace_id, type_id, key_bytes, value, headers, digest, accepted_at) VALUES "
            + string.Join(',', Enumerable.Repeat($"({string.Join(',', Enumerable.Repeat('?', RowParameters))},UTC_TIMESTAMP(6))", rows));
        return _insertTexts[rows] = text;
    }

    private static void AddIdempotency(MySqlCommand command, StringBuilder sql, IReadOnlyList<PendingAppend> batch)
    {
        var separator = "; INSERT INTO idempotency (id, body_hash, trace_id, partition_no, seq, at) VALUES ";
        foreach (var append in batch)
        {
            if (append.Row is not { } row || append.Event.Idempotency is not { } key)
                continue;
            sql.Append(separator).Append("(?,?,?,?,?,UTC_TIMESTAMP(6))");
            separator = ",";
            Add(command, key.Id);
            Add(command, key.BodyHash);
            Add(command, row.TraceId);
            Add(command, append.Partition);
            Add(command, row.Seq);
        }
    }

    private static void Add(MySqlCommand command, object? value) =>
        command.Parameters.Add(new MySqlParameter { Value = value ?? DBNull.Value });

    private static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private sealed record Hit(byte[] BodyHash, LogReceipt Receipt);
}
