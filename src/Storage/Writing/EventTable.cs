using System.Globalization;
using System.Text;
using Contracts;
using Contracts.Fields;
using KafkaMySql;
using MySqlConnector;
using Storage.Persistence;

namespace Storage.Writing;

/// <summary>Writes events of one type as the inbox hands them over: plain multi-row inserts, and the count of rows beside them.</summary>
internal sealed class EventTable : IInboxTable
{
    private const int RowsPerStatement = 500;
    private const int TypicalRow = 220;

    private readonly EventTableNames _table;
    private readonly string _insert;

    public EventTable(EventTableNames table)
    {
        _table = table;
        string[] columns =
        [
            .. table.Type.Fields.Select(field => field.Name),
            "trace_id",
            "partition_no",
            "seq",
            "bucket",
            "digest",
            "row_partition",
            "row_no",
            table.StoredAt,
        ];
        _insert = $"INSERT INTO {table.Table} ({string.Join(", ", columns.Select(column => $"`{column}`"))}) VALUES ";
    }

    public async Task InsertAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        int count;
        for (var from = 0; from < events.Count; from += count)
        {
            var partition = events[from].Partition;
            count = events.Skip(from).Take(RowsPerStatement).TakeWhile(stored => stored.Partition == partition).Count();
            await using var command = new MySqlCommand { Connection = connection };
            var text = new StringBuilder(_insert, _insert.Length + count * TypicalRow);
            for (var row = 0; row < count; row++)
                AddRow(text.Append(row == 0 ? "(" : ",("), command.Parameters, events[from + row]);
            AddCount(text, partition, count);
            command.CommandText = text.ToString();
            if (await command.ExecuteNonQueryAsync(cancellationToken) == count)
                await BeginCountAsync(connection, partition, count, cancellationToken);
        }
        foreach (var partition in events.Where(stored => stored.IsRepair).Select(stored => stored.Partition).Distinct())
            await CountAgainAsync(connection, partition, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, ulong>> DigestsAsync(
        MySqlConnection connection,
        IReadOnlyCollection<string> traceIds,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<string, ulong>(traceIds.Count);
        foreach (var some in traceIds.Chunk(RowsPerStatement))
        {
            await using var command = new MySqlCommand(
                $"SELECT trace_id, digest FROM {_table.Table} WHERE trace_id IN ({Marks(some.Length)}) FOR UPDATE",
                connection
            );
            foreach (var traceId in some)
                command.Parameters.Add(new MySqlParameter { Value = Key(traceId) });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                found.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!, reader.GetUInt64(1));
        }
        return found;
    }

    public async Task AdoptAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        foreach (var adopted in events)
        {
            await using var command = new MySqlCommand(
                $"UPDATE {_table.Table} SET partition_no = ?, seq = ?, bucket = ? WHERE trace_id = ?",
                connection
            );
            Add(command.Parameters, adopted.Partition);
            Add(command.Parameters, adopted.Seq);
            Add(command.Parameters, adopted.Bucket);
            Add(command.Parameters, Key(adopted.TraceId));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private void AddRow(StringBuilder text, MySqlParameterCollection texts, InboxEvent stored)
    {
        var message = (EventMessage)stored.Message;
        foreach (var field in _table.Type.Fields)
            AddCell(text, texts, field.ColumnValue(message));
        AddCell(text, texts, Key(stored.TraceId));
        AddCell(text, texts, (long)stored.Partition);
        if (stored.Seq is { } seq)
            text.Append(CultureInfo.InvariantCulture, $"{seq},");
        else
            text.Append("NULL,");
        text.Append(CultureInfo.InvariantCulture, $"{stored.Bucket},{stored.Digest},{stored.Partition},{stored.RowNo},");
        AddCell(text, texts, stored.At);
        text[^1] = ')';
    }

    // Numbers and times stand in the statement itself, which costs half of what a parameter each does; a text never does.
    private static void AddCell(StringBuilder text, MySqlParameterCollection texts, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("NULL,");
                break;
            case long number:
                text.Append(CultureInfo.InvariantCulture, $"{number},");
                break;
            case decimal amount:
                text.Append(CultureInfo.InvariantCulture, $"{amount},");
                break;
            case double number:
                text.Append(CultureInfo.InvariantCulture, $"{number:R},");
                break;
            case DateTime time:
                text.Append(CultureInfo.InvariantCulture, $"'{time:yyyy-MM-dd HH:mm:ss.ffffff}',");
                break;
            default:
                text.Append("?,");
                Add(texts, (string)value);
                break;
        }
    }

    // In the packet of the rows, which saves a round trip for each batch.
    private void AddCount(StringBuilder text, int partition, int count) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"; UPDATE event_count SET stored_events = stored_events + {count} WHERE row_partition = {partition} AND type_id = {_table.Type.Id}"
        );

    // One reader at a time is in a partition's transaction, so the row is either there or nobody else adds it.
    private async Task BeginCountAsync(MySqlConnection connection, int partition, int count, CancellationToken cancellationToken)
    {
        await using var first = new MySqlCommand(
            "INSERT INTO event_count (stored_events, row_partition, type_id) VALUES (?, ?, ?)",
            connection
        );
        Add(first.Parameters, count);
        Add(first.Parameters, partition);
        Add(first.Parameters, _table.Type.Id);
        await first.ExecuteNonQueryAsync(cancellationToken);
    }

    // The row was there once and was counted then, here and by whoever reads rows by cursor: both count anew.
    private async Task CountAgainAsync(MySqlConnection connection, int partition, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            $"""
            UPDATE event_count SET stored_events = (SELECT COUNT(*) FROM {_table.Table} WHERE row_partition = ?) WHERE row_partition = ? AND type_id = ?;
            INSERT INTO table_rev (type_id, rev) VALUES (?, 1) ON DUPLICATE KEY UPDATE rev = rev + 1
            """,
            connection
        );
        Add(command.Parameters, partition);
        Add(command.Parameters, partition);
        Add(command.Parameters, _table.Type.Id);
        Add(command.Parameters, _table.Type.Id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Marks(int count) => string.Join(',', Enumerable.Repeat('?', count));

    private static void Add(MySqlParameterCollection parameters, object? value) =>
        parameters.Add(new MySqlParameter { Value = value ?? DBNull.Value });

    // The column's own type, so that the index is used.
    private object Key(string traceId) =>
        _table.Type.TraceIdKind == TraceIdKind.Nanoseconds ? long.Parse(traceId, CultureInfo.InvariantCulture) : traceId;
}
