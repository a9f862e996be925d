using MySqlConnector;

namespace KafkaMySql.Tests;

/// <summary>Looks at the log's tables past the product.</summary>
internal static class LogTable
{
    public static async Task<List<LogRow>> RowsAsync(string connectionString, int? partition = null)
    {
        var rows = new List<LogRow>();
        await ReadAsync(
            connectionString,
            "SELECT seq, after_seq, trace_id, key_bytes, value, headers FROM event_log "
                + (partition is { } one ? $"WHERE partition_no = {one} " : "")
                + "ORDER BY partition_no, seq",
            reader =>
                rows.Add(
                    new LogRow(
                        reader.GetUInt64(0),
                        reader.GetUInt64(1),
                        reader.GetString(2),
                        reader.GetFieldValue<byte[]>(3),
                        reader.GetFieldValue<byte[]>(4),
                        reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5)
                    )
                )
        );
        return rows;
    }

    public static async Task<long> CountAsync(string connectionString, string table)
    {
        var count = 0L;
        await ReadAsync(connectionString, $"SELECT COUNT(*) FROM {table}", reader => count = reader.GetInt64(0));
        return count;
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Every row's <c>after</c> is the row before it, and no number or trace id is given twice.</summary>
    public static async Task MustBeAChainAsync(string connectionString, int partitions = 4, ulong firstAfter = 0)
    {
        var traces = new HashSet<string>();
        for (var partition = 0; partition < partitions; partition++)
        {
            var last = firstAfter;
            foreach (var row in await RowsAsync(connectionString, partition))
            {
                row.After.Should().Be(last, "the chain of partition {0} has no hole before {1}", partition, row.Seq);
                row.Seq.Should().BeGreaterThan(last);
                traces.Add(row.TraceId).Should().BeTrue("trace id {0} is there once", row.TraceId);
                last = row.Seq;
            }
        }
    }

    private static async Task ReadAsync(string connectionString, string sql, Action<MySqlDataReader> read)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 60 };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            read(reader);
    }
}
