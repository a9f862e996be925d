using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MySqlConnector;
using Storage.Persistence;

namespace Storage.Reading;

/// <summary>Reads one table as rows of one shape, in the order time, partition, number.</summary>
/// <param name="table">The table.</param>
/// <param name="columns">What to select, as SQL.</param>
/// <param name="read">Makes a row of those columns.</param>
/// <param name="json">How a row is written.</param>
internal sealed class EventQuery<TRow>(EventTableNames table, string columns, Func<MySqlDataReader, TRow> read, JsonTypeInfo<TRow> json)
{
    private const string Position = "row_partition, row_no, trace_id AS position_trace_id";

    public EventTableNames Table => table;

    /// <summary>
    /// Writes the rows stored in [start, until) that stand behind <paramref name="after"/>, at most <paramref name="limit"/>. Returns the
    /// last one's position, and how many there were.
    /// </summary>
    public async Task<(RowPosition? Last, int Count)> WindowAsync(
        MySqlConnection connection,
        DateTime start,
        DateTime until,
        RowPosition? after,
        int limit,
        Utf8JsonWriter output,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand(
            $"""
            SELECT {columns}, {table.StoredAt} AS stored_at, {Position} FROM {table.Table} FORCE INDEX ({table.Table}_time)
            WHERE {table.StoredAt} >= @start AND {table.StoredAt} < @until
            {(
                after is null
                    ? ""
                    : $"AND ({table.StoredAt} > @start OR row_partition > @partition OR (row_partition = @partition AND row_no > @row))"
            )}
            ORDER BY {table.StoredAt}, row_partition, row_no LIMIT @limit
            """,
            connection
        );
        command.Parameters.AddWithValue("@start", after?.At ?? start);
        command.Parameters.AddWithValue("@until", until);
        command.Parameters.AddWithValue("@partition", after?.Partition);
        command.Parameters.AddWithValue("@row", after?.RowNo);
        command.Parameters.AddWithValue("@limit", limit);
        var rows = await WriteAsync(command, output, keep: false, cancellationToken);
        return (rows.Last, rows.Count);
    }

    /// <summary>Writes the next rows behind a cursor that were stored before <paramref name="until"/>, at most <paramref name="limit"/>.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="cursor">What was given out before.</param>
    /// <param name="partitions">The partitions there are, each with the last row that may be given out, or null for no such bound.</param>
    /// <param name="until">The end of the list.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="output">Where the rows are written.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The positions of the rows.</returns>
    public async Task<IReadOnlyList<RowPosition>> PageAsync(
        MySqlConnection connection,
        ListCursor cursor,
        IReadOnlyDictionary<int, long?> partitions,
        DateTime until,
        int limit,
        Utf8JsonWriter output,
        CancellationToken cancellationToken
    )
    {
        // The numbers come from a cursor that was parsed into numbers; as text the statement stays readable in the server's logs.
        var parts = partitions.Select(partition =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                (SELECT {columns}, {table.StoredAt} AS stored_at, {Position} FROM {table.Table} FORCE INDEX ({table.Table}_row)
                WHERE row_partition = {partition.Key} AND row_no > {cursor.Last.GetValueOrDefault(partition.Key).RowNo}
                {(partition.Value is { } bound ? string.Create(CultureInfo.InvariantCulture, $"AND row_no <= {bound}") : "")}
                AND {table.StoredAt} >= @start AND {table.StoredAt} < @until ORDER BY row_no LIMIT @limit)
                """
            )
        );
        await using var command = new MySqlCommand(
            $"{string.Join(" UNION ALL ", parts)} ORDER BY stored_at, row_partition, row_no LIMIT @limit",
            connection
        );
        command.Parameters.AddWithValue("@start", cursor.Start);
        command.Parameters.AddWithValue("@until", until);
        command.Parameters.AddWithValue("@limit", limit);
        return (await WriteAsync(command, output, keep: true, cancellationToken)).All;
    }

    /// <summary>The table's revision.</summary>
    public async Task<long> RevisionAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand("SELECT COALESCE(MAX(rev), 0) FROM table_rev WHERE type_id = @type", connection);
        command.Parameters.AddWithValue("@type", table.Type.Id);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the rows that a cursor names are still what it says they are.</summary>
    public async Task<bool> HoldsAsync(MySqlConnection connection, ListCursor cursor, CancellationToken cancellationToken)
    {
        if (cursor.Last.Count == 0)
            return true;
        var named = cursor.Last.Select(last =>
            string.Create(CultureInfo.InvariantCulture, $"(row_partition = {last.Key} AND row_no = {last.Value.RowNo})")
        );
        await using var command = new MySqlCommand(
            $"SELECT row_partition, trace_id FROM {table.Table} FORCE INDEX ({table.Table}_row) WHERE {string.Join(" OR ", named)}",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (cursor.Last[reader.GetInt32(0)].TraceId != Text(reader.GetValue(1)))
                return false;
            found++;
        }
        return found == cursor.Last.Count;
    }

    /// <summary>
    /// The last row of a partition that was stored before <paramref name="time"/>; null when there is none. Numbers and times of a partition
    /// rise together, so halving finds it in a few steps however many rows there are.
    /// </summary>
    public async Task<(long RowNo, string TraceId)?> LastBeforeAsync(
        MySqlConnection connection,
        int partition,
        DateTime time,
        CancellationToken cancellationToken
    )
    {
        (long RowNo, string TraceId)? last = null;
        long low = 0;
        var high = long.MaxValue;
        while (low < high)
        {
            // The first look takes the newest row, which also tells where halving begins.
            var middle = high == long.MaxValue ? high : low + (high - low + 1) / 2;
            if (await AtOrBelowAsync(connection, partition, low, middle, cancellationToken) is not { } row)
            {
                if (high == long.MaxValue)
                    return null;
                low = middle;
            }
            else if (row.At < time)
            {
                last = (row.RowNo, row.TraceId);
                low = middle;
            }
            else
            {
                high = row.RowNo - 1;
            }
        }
        return last;
    }

    private async Task<RowPosition?> AtOrBelowAsync(
        MySqlConnection connection,
        int partition,
        long above,
        long highest,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand(
            $"""
            SELECT {table.StoredAt}, row_partition, row_no, trace_id FROM {table.Table} FORCE INDEX ({table.Table}_row)
            WHERE row_partition = @partition AND row_no > @above AND row_no <= @highest ORDER BY row_no DESC LIMIT 1
            """,
            connection
        );
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@above", above);
        command.Parameters.AddWithValue("@highest", highest);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? PositionAt(reader, 0) : null;
    }

    private async Task<(RowPosition? Last, int Count, List<RowPosition> All)> WriteAsync(
        MySqlCommand command,
        Utf8JsonWriter output,
        bool keep,
        CancellationToken cancellationToken
    )
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var position = reader.FieldCount - 4;
        List<RowPosition> all = [];
        RowPosition? last = null;
        var count = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            JsonSerializer.Serialize(output, read(reader), json);
            last = PositionAt(reader, position);
            count++;
            if (keep)
                all.Add(last.Value);
        }
        return (last, count, all);
    }

    private static RowPosition PositionAt(MySqlDataReader reader, int column) =>
        new(reader.GetDateTime(column), reader.GetInt32(column + 1), reader.GetInt64(column + 2), Text(reader.GetValue(column + 3)));

    private static string Text(object traceId) => Convert.ToString(traceId, CultureInfo.InvariantCulture)!;
}
