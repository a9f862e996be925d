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

    private readonly EventTableNames _table;
    private readonly string _insert;
    private readonly int _columns;

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
        _columns = columns.Length;
        _insert = $"INSERT INTO {table.Table} ({string.Join(", ", columns.Select(column => $"`{column}`"))}) VALUES ";
    }

    public async Task InsertAsync(MySqlTransaction transaction, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        for (var from = 0; from < events.Count; from += RowsPerStatement)
        {
            var count = Math.Min(RowsPerStatement, events.Count - from);
            await using var command = new MySqlCommand(InsertStatement(count), transaction.Connection, transaction);
            for (var row = 0; row < count; row++)
                AddRow(command.Parameters, events[from + row]);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        foreach (var partition in events.GroupBy(stored => stored.Partition))
            await CountAsync(transaction, partition.Key, partition.Count(), cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, ulong>> DigestsAsync(
        MySqlTransaction transaction,
        IReadOnlyCollection<string> traceIds,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<string, ulong>(traceIds.Count);
        foreach (var some in traceIds.Chunk(RowsPerStatement))
        {
            await using var command = new MySqlCommand(
                $"SELECT trace_id, digest FROM {_table.Table} WHERE trace_id IN ({Marks(some.Length)}) FOR UPDATE",
                transaction.Connection,
                transaction
            );
            foreach (var traceId in some)
                command.Parameters.Add(new MySqlParameter { Value = Key(traceId) });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                found.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!, reader.GetUInt64(1));
        }
        return found;
    }

    public async Task AdoptAsync(MySqlTransaction transaction, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        foreach (var adopted in events)
        {
            await using var command = new MySqlCommand(
                $"UPDATE {_table.Table} SET partition_no = ?, seq = ?, bucket = ? WHERE trace_id = ?",
                transaction.Connection,
                transaction
            );
            Add(command.Parameters, adopted.Partition);
            Add(command.Parameters, adopted.Seq);
            Add(command.Parameters, adopted.Bucket);
            Add(command.Parameters, Key(adopted.TraceId));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private void AddRow(MySqlParameterCollection parameters, InboxEvent stored)
    {
        var message = (EventMessage)stored.Message;
        foreach (var field in _table.Type.Fields)
            Add(parameters, field.ColumnValue(message));
        Add(parameters, Key(stored.TraceId));
        Add(parameters, stored.Partition);
        Add(parameters, stored.Seq);
        Add(parameters, stored.Bucket);
        Add(parameters, stored.Digest);
        Add(parameters, stored.Partition);
        Add(parameters, stored.RowNo);
        Add(parameters, stored.At);
    }

    // One reader at a time is in a partition's transaction, so the row is either there or nobody else adds it.
    private async Task CountAsync(MySqlTransaction transaction, int partition, int count, CancellationToken cancellationToken)
    {
        await using var add = new MySqlCommand(
            "UPDATE event_count SET stored_events = stored_events + ? WHERE row_partition = ? AND type_id = ?",
            transaction.Connection,
            transaction
        );
        Add(add.Parameters, count);
        Add(add.Parameters, partition);
        Add(add.Parameters, _table.Type.Id);
        if (await add.ExecuteNonQueryAsync(cancellationToken) > 0)
            return;
        await using var first = new MySqlCommand(
            "INSERT INTO event_count (stored_events, row_partition, type_id) VALUES (?, ?, ?)",
            transaction.Connection,
            transaction
        );
        Add(first.Parameters, count);
        Add(first.Parameters, partition);
        Add(first.Parameters, _table.Type.Id);
        await first.ExecuteNonQueryAsync(cancellationToken);
    }

    private string InsertStatement(int rows)
    {
        var row = $"({Marks(_columns)})";
        var text = new StringBuilder(_insert, _insert.Length + rows * (row.Length + 1));
        for (var at = 0; at < rows; at++)
            text.Append(at == 0 ? "" : ",").Append(row);
        return text.ToString();
    }

    private static string Marks(int count) => string.Join(',', Enumerable.Repeat('?', count));

    private static void Add(MySqlParameterCollection parameters, object? value) =>
        parameters.Add(new MySqlParameter { Value = value ?? DBNull.Value });

    // The column's own type, so that the index is used.
    private object Key(string traceId) =>
        _table.Type.TraceIdKind == TraceIdKind.Nanoseconds
            ? long.Parse(traceId, System.Globalization.CultureInfo.InvariantCulture)
            : traceId;
}
