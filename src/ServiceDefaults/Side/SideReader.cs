using System.Globalization;
using KafkaMySql;
using MySqlConnector;

namespace ServiceDefaults;

/// <summary>Reads a reader's tables for the consistency check. Every answer is of one moment.</summary>
internal sealed class SideReader(ServiceDatabase database, string consumer, IReadOnlyList<SideTable> tables)
{
    public async Task<IReadOnlyList<SideLast>> LastAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await LastAsync(connection, cancellationToken);
    }

    /// <summary>
    /// Rows and digests from <paramref name="from"/> (a bucket of each partition) up to <paramref name="cut"/> (a seq of each), and those of
    /// the foreign buckets <paramref name="foreign"/>.
    /// </summary>
    public async Task<SideSnapshot> SnapshotAsync(
        IReadOnlyDictionary<int, ulong> from,
        IReadOnlyDictionary<int, ulong> cut,
        (int First, int Last)? foreign,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await ReadSnapshot.BeginAsync(connection, cancellationToken);
        var last = await LastAsync(connection, cancellationToken);
        var buckets = new List<SideBucket>();
        foreach (var table in tables)
        {
            foreach (var (partition, end) in cut)
                await BucketsAsync(
                    connection,
                    table,
                    Where(partition, Math.Max(from.GetValueOrDefault(partition), LogBucket.Foreign), end),
                    buckets,
                    cancellationToken
                );
            if (foreign is var (first, to))
                await BucketsAsync(connection, table, [Text($"bucket BETWEEN {first} AND {to}")], buckets, cancellationToken);
        }
        var aside = new List<SideAside>();
        foreach (var (partition, end) in cut)
            await AsideAsync(connection, partition, from.GetValueOrDefault(partition), end, aside, cancellationToken);
        return new SideSnapshot(consumer, last, buckets, aside, await ExpiredAsync(connection, cancellationToken));
    }

    /// <summary>The rows of a bucket, those of the log up to <paramref name="cut"/>; of a foreign bucket those of every partition.</summary>
    public async Task<SideRows> RowsAsync(int partition, ulong bucket, ulong cut, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await ReadSnapshot.BeginAsync(connection, cancellationToken);
        var last = await LastAsync(connection, cancellationToken);
        var where =
            bucket < LogBucket.Foreign
                ? Text($"bucket = {bucket}")
                : Text($"partition_no = {partition} AND bucket = {bucket} AND (seq IS NULL OR seq <= {cut})");
        var rows = new List<SideRow>();
        foreach (var table in tables)
            await RowsAsync(connection, table, where, null, rows, cancellationToken);
        var seqs = Text(
            $"partition_no = {partition} AND seq >= {LogBucket.First(bucket)} AND seq <= {Math.Min(cut, LogBucket.Last(bucket))}"
        );
        return new SideRows(
            last,
            rows,
            await RefusedAsync(connection, "dead_letter", $"{seqs} AND closed_at IS NULL", null, cancellationToken),
            await RefusedAsync(connection, "parked", seqs, null, cancellationToken)
        );
    }

    /// <summary>Buckets of one moment with the digests that stand in their rows, and the rows whose columns give another.</summary>
    public async Task<SideComputed> ComputeAsync(IReadOnlyList<(int Partition, ulong Bucket)> wanted, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await ReadSnapshot.BeginAsync(connection, cancellationToken);
        var sums = new Dictionary<(int, ulong, ushort), (long Rows, ulong Digest)>();
        var wrong = new List<SideRow>();
        foreach (var partition in wanted.GroupBy(bucket => bucket.Partition))
        {
            var where = Text(
                $"partition_no = {partition.Key} AND bucket IN ({string.Join(',', partition.Select(bucket => bucket.Bucket))})"
            );
            foreach (var table in tables)
                await ComputeAsync(connection, table, where, sums, wrong, cancellationToken);
        }
        return new SideComputed(
            [.. sums.Select(sum => new SideBucket(sum.Key.Item1, sum.Key.Item2, sum.Key.Item3, sum.Value.Rows, sum.Value.Digest))],
            wrong
        );
    }

    /// <summary>Everything known of one event.</summary>
    public async Task<SideRows> FindAsync(string traceId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await ReadSnapshot.BeginAsync(connection, cancellationToken);
        var rows = new List<SideRow>();
        foreach (var table in tables)
        {
            if (table.Key(traceId) is { } key)
                await RowsAsync(connection, table, "trace_id = @trace", key, rows, cancellationToken);
        }
        return new SideRows(
            await LastAsync(connection, cancellationToken),
            rows,
            await RefusedAsync(connection, "dead_letter", "trace_id = @trace AND closed_at IS NULL", traceId, cancellationToken),
            await RefusedAsync(connection, "parked", "trace_id = @trace", traceId, cancellationToken)
        );
    }

    // Wholly below the cut an index alone has the answer; only the bucket of the cut is looked into.
    private static IEnumerable<string> Where(int partition, ulong from, ulong cut)
    {
        var partial = LogBucket.Of(cut);
        if (from < partial)
            yield return Text($"partition_no = {partition} AND bucket >= {from} AND bucket < {partial}");
        if (from <= partial)
            yield return Text($"partition_no = {partition} AND bucket = {partial} AND (seq IS NULL OR seq <= {cut})");
    }

    private async Task<IReadOnlyList<SideLast>> LastAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            $"SELECT partition_no, last_seq, next_offset FROM partition_progress WHERE consumer = @consumer AND partition_no <> {InboxOptions.DirectPartition} ORDER BY partition_no",
            connection
        );
        command.Parameters.AddWithValue("@consumer", consumer);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var last = new List<SideLast>();
        while (await reader.ReadAsync(cancellationToken))
            last.Add(new SideLast(reader.GetUInt16(0), reader.GetUInt64(1), reader.GetInt64(2)));
        return last;
    }

    private static async Task BucketsAsync(
        MySqlConnection connection,
        SideTable table,
        IEnumerable<string> parts,
        List<SideBucket> buckets,
        CancellationToken cancellationToken
    )
    {
        foreach (var part in parts)
        {
            await using var command = new MySqlCommand(
                $"""
                SELECT partition_no, bucket, {table.TypeColumn} AS type, COUNT(*), BIT_XOR(digest) FROM {table.Name} FORCE INDEX ({table.Name}_digest)
                WHERE {part} GROUP BY partition_no, bucket, type
                """,
                connection
            )
            {
                CommandTimeout = 60,
            };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                buckets.Add(
                    new SideBucket(
                        reader.GetUInt16(0),
                        reader.GetUInt64(1),
                        Convert.ToUInt16(reader.GetValue(2), CultureInfo.InvariantCulture),
                        reader.GetInt64(3),
                        Convert.ToUInt64(reader.GetValue(4), CultureInfo.InvariantCulture)
                    )
                );
        }
    }

    private async Task AsideAsync(
        MySqlConnection connection,
        int partition,
        ulong from,
        ulong cut,
        List<SideAside> aside,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand(
            $"""
            SELECT bucket, SUM(dead), SUM(parked) FROM (
              SELECT seq DIV {LogBucket.Size} AS bucket, 1 AS dead, 0 AS parked FROM dead_letter
                WHERE consumer = @consumer AND partition_no = @partition AND seq >= @from AND seq <= @cut AND closed_at IS NULL
              UNION ALL SELECT seq DIV {LogBucket.Size}, 0, 1 FROM parked
                WHERE consumer = @consumer AND partition_no = @partition AND seq >= @from AND seq <= @cut) both_tables
            GROUP BY bucket
            """,
            connection
        );
        command.Parameters.AddWithValue("@consumer", consumer);
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@from", LogBucket.First(from));
        command.Parameters.AddWithValue("@cut", cut);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            aside.Add(
                new SideAside(
                    partition,
                    Convert.ToUInt64(reader.GetValue(0), CultureInfo.InvariantCulture),
                    Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture),
                    Convert.ToInt64(reader.GetValue(2), CultureInfo.InvariantCulture)
                )
            );
    }

    private async Task<List<SideExpired>> ExpiredAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            "SELECT partition_no, after_seq, before_seq FROM expired WHERE consumer = @consumer",
            connection
        );
        command.Parameters.AddWithValue("@consumer", consumer);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ranges = new List<SideExpired>();
        while (await reader.ReadAsync(cancellationToken))
            ranges.Add(new SideExpired(reader.GetUInt16(0), reader.GetUInt64(1), reader.GetUInt64(2)));
        return ranges;
    }

    private static async Task RowsAsync(
        MySqlConnection connection,
        SideTable table,
        string where,
        object? traceId,
        List<SideRow> rows,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand($"SELECT {Head(table)}, {table.EventId} FROM {table.Name} WHERE {where}", connection)
        {
            CommandTimeout = 60,
        };
        if (traceId is not null)
            command.Parameters.AddWithValue("@trace", traceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(Row(reader) with { EventId = AsText(reader.GetValue(6)) });
    }

    private static async Task ComputeAsync(
        MySqlConnection connection,
        SideTable table,
        string where,
        Dictionary<(int, ulong, ushort), (long Rows, ulong Digest)> sums,
        List<SideRow> wrong,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand(
            $"SELECT {Head(table)}, {table.EventId}, {string.Join(", ", table.Columns.Select(column => $"`{column}`"))} FROM {table.Name} FORCE INDEX ({table.Name}_digest) WHERE {where}",
            connection
        )
        {
            CommandTimeout = 60,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = Row(reader);
            var key = (row.Partition, row.Bucket, row.Type);
            var (rows, digest) = sums.GetValueOrDefault(key);
            sums[key] = (rows + 1, digest ^ row.Digest);
            var computed = table.Digest(reader, 7, row.Type, row.TraceId);
            if (computed != row.Digest)
                wrong.Add(row with { EventId = AsText(reader.GetValue(6)), Computed = computed });
        }
    }

    private static string Head(SideTable table) => $"partition_no, bucket, seq, {table.TypeColumn}, trace_id, digest";

    private static SideRow Row(MySqlDataReader reader) =>
        new(
            reader.GetUInt16(0),
            reader.GetUInt64(1),
            reader.IsDBNull(2) ? null : reader.GetUInt64(2),
            Convert.ToUInt16(reader.GetValue(3), CultureInfo.InvariantCulture),
            AsText(reader.GetValue(4)),
            "",
            reader.GetUInt64(5)
        );

    private async Task<List<SideRefused>> RefusedAsync(
        MySqlConnection connection,
        string table,
        string where,
        string? traceId,
        CancellationToken cancellationToken
    )
    {
        var columns = table == "parked" ? "NULL, type" : "type_id, reason";
        await using var command = new MySqlCommand(
            $"SELECT seq, trace_id, {columns} FROM {table} WHERE consumer = @consumer AND {where}",
            connection
        );
        command.Parameters.AddWithValue("@consumer", consumer);
        if (traceId is not null)
            command.Parameters.AddWithValue("@trace", traceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var refused = new List<SideRefused>();
        while (await reader.ReadAsync(cancellationToken))
            refused.Add(
                new SideRefused(
                    reader.IsDBNull(0) ? null : reader.GetUInt64(0),
                    reader.IsDBNull(1) ? null : reader.GetString(1),
                    reader.IsDBNull(2) ? null : reader.GetUInt16(2),
                    reader.GetString(3)
                )
            );
        return refused;
    }

    private static string AsText(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    // Everything put into a statement is a number that was parsed as one.
    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
