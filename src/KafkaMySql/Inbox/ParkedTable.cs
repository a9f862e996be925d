using System.Text;
using MassTransit.Kafka.Extensions;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>The table <c>parked</c>: the log's own records of types a version did not know, kept raw for one that does.</summary>
internal sealed class ParkedTable(string consumer, string topic)
{
    private const int TypeLength = 255;

    /// <summary>Parks <paramref name="items"/>, except those that are parked already; returns how many were new.</summary>
    public async Task<int> InsertAsync(
        MySqlConnection connection,
        int partition,
        IEnumerable<InboxItem> items,
        DateTime at,
        CancellationToken cancellationToken
    )
    {
        var added = 0;
        foreach (var item in items)
        {
            var unknown = (InboxContent.UnknownType)item.Content!;
            await using var command = Command(
                connection,
                partition,
                """
                INSERT INTO parked (consumer, partition_no, seq, topic_offset, type, trace_id, raw_key, raw_value, raw_headers, record_at, at)
                  SELECT @consumer, @partition, @seq, @offset, @type, @trace, @key, @value, @headers, @record, @at FROM DUAL
                  WHERE NOT EXISTS (SELECT 1 FROM parked p WHERE p.consumer = @consumer AND p.partition_no = @partition AND p.seq = @seq)
                """
            );
            command.Parameters.AddWithValue("@seq", item.Coordinate.Seq);
            command.Parameters.AddWithValue("@offset", item.Record.Offset);
            command.Parameters.AddWithValue("@type", Cut(unknown.Type));
            command.Parameters.AddWithValue("@trace", unknown.TraceId);
            command.Parameters.AddWithValue("@key", item.Record.Key);
            command.Parameters.AddWithValue("@value", item.Record.Value);
            command.Parameters.AddWithValue("@headers", RawHeaders.Write(item.Record.Headers));
            command.Parameters.AddWithValue("@record", item.Record.Timestamp);
            command.Parameters.AddWithValue("@at", at);
            added += await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        return added;
    }

    /// <summary>Takes out what stands elsewhere now; returns how many entries there were.</summary>
    public async Task<int> RemoveAsync(
        MySqlConnection connection,
        int partition,
        IEnumerable<ulong> seqs,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(connection, partition, "");
        command.CommandText =
            $"DELETE FROM parked WHERE consumer = @consumer AND partition_no = @partition AND seq IN ({DeadLetterTable.List(command, "s", seqs.Cast<object>())})";
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads entries above <paramref name="after"/> in order, as the records they were.</summary>
    public async Task<List<InboxItem>> ReadAsync(
        MySqlConnection connection,
        int partition,
        ulong after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand(
            """
            SELECT seq, topic_offset, record_at, raw_key, raw_value, raw_headers FROM parked
              WHERE consumer = @consumer AND partition_no = @partition AND seq > @after ORDER BY seq LIMIT @limit
            """,
            connection
        );
        AddKey(command, partition);
        command.Parameters.AddWithValue("@after", after);
        command.Parameters.AddWithValue("@limit", limit);
        var items = new List<InboxItem>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var record = new RawRecord
            {
                Topic = topic,
                Partition = partition,
                Offset = reader.GetInt64(1),
                Timestamp = DateTime.SpecifyKind(reader.GetDateTime(2), DateTimeKind.Utc),
                Key = Bytes(reader, 3),
                Value = Bytes(reader, 4),
                Headers = RawHeaders.Read(Bytes(reader, 5)),
            };
            // It was counted when it was parked, so it moves nobody on: what a repair does.
            items.Add(new InboxItem(record, new RecordCoordinate(RecordOrigin.Repair, reader.GetUInt64(0), 0, 0)));
        }
        return items;
    }

    private static byte[]? Bytes(MySqlDataReader reader, int column) => reader.IsDBNull(column) ? null : (byte[])reader.GetValue(column);

    private MySqlCommand Command(MySqlConnection connection, int partition, string sql)
    {
        var command = new MySqlCommand(sql, connection);
        AddKey(command, partition);
        return command;
    }

    private void AddKey(MySqlCommand command, int partition)
    {
        command.Parameters.AddWithValue("@consumer", consumer);
        command.Parameters.AddWithValue("@partition", partition);
    }

    private static string Cut(string type) =>
        new StringBuilder().AppendJoin("", type.Take(TypeLength).Select(letter => char.IsSurrogate(letter) ? '\uFFFD' : letter)).ToString();
}
