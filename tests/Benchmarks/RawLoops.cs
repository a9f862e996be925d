using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using MySqlConnector;

namespace Benchmarks;

/// <summary>The bare loops that the product is compared with: what the servers and drivers give when nothing else is done.</summary>
internal static class RawLoops
{
    private const int BatchRows = 500;

    /// <summary>Copies <paramref name="table"/>'s rows, up to <paramref name="rows"/>, into an empty copy of the table by multi-row inserts; rows a second.</summary>
    public static async Task<double> InsertAsync(string connectionString, string table, int rows)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        var (columns, data) = await ReadAsync(connection, table, rows);
        await ExecuteAsync(connection, $"DROP TABLE IF EXISTS raw_{table}");
        await ExecuteAsync(connection, $"CREATE TABLE raw_{table} LIKE {table}");
        var clock = Stopwatch.StartNew();
        for (var from = 0; from < data.Count; from += BatchRows)
        {
            var batch = Math.Min(BatchRows, data.Count - from);
            await using var command = new MySqlCommand { Connection = connection };
            var sql = new StringBuilder($"INSERT INTO raw_{table} ({string.Join(',', columns)}) VALUES ");
            for (var row = 0; row < batch; row++)
            {
                sql.Append(row == 0 ? "(" : ",(");
                for (var column = 0; column < columns.Count; column++)
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"@p{row * columns.Count + column}");
                    sql.Append(column == 0 ? "" : ",").Append(name);
                    command.Parameters.AddWithValue(name, data[from + row][column]);
                }
                sql.Append(')');
            }
            command.CommandText = sql.ToString();
            await command.ExecuteNonQueryAsync();
        }
        var perSecond = data.Count / clock.Elapsed.TotalSeconds;
        await ExecuteAsync(connection, $"DROP TABLE raw_{table}");
        return perSecond;
    }

    /// <summary>Reads the log in ranges of its primary key, 500 rows at a time; rows a second.</summary>
    public static async Task<double> ReadLogAsync(string connectionString)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        var clock = Stopwatch.StartNew();
        long rows = 0;
        for (var partition = 0; partition < 4; partition++)
        {
            var last = 0UL;
            while (true)
            {
                await using var command = new MySqlCommand(
                    "SELECT seq, after_seq, trace_id, key_bytes, value, headers FROM event_log WHERE partition_no = @p AND seq > @s ORDER BY seq LIMIT 500",
                    connection
                );
                command.Parameters.AddWithValue("@p", partition);
                command.Parameters.AddWithValue("@s", last);
                await using var reader = await command.ExecuteReaderAsync();
                var read = 0;
                while (await reader.ReadAsync())
                {
                    last = reader.GetUInt64(0);
                    _ = reader.GetFieldValue<byte[]>(4);
                    read++;
                }
                rows += read;
                if (read == 0)
                    break;
            }
        }
        return rows / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Produces the log's values in batches of 500 with a flush after each; records a second.</summary>
    public static async Task<double> ProduceAsync(string bootstrapServers, string topic, IReadOnlyList<byte[]> values)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig
            {
                BootstrapServers = bootstrapServers,
                Acks = Acks.All,
                EnableIdempotence = true,
                LingerMs = 0,
                QueueBufferingMaxMessages = 1_000_000,
            }
        ).Build();
        await producer.ProduceAsync(topic, new Message<byte[], byte[]> { Value = values[0] });
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < values.Count; i++)
        {
            var headers = new Headers
            {
                { "log", "main"u8.ToArray() },
                { "seq", "1"u8.ToArray() },
                { "after", "0"u8.ToArray() },
            };
            producer.Produce(
                new TopicPartition(topic, i / BatchRows % 4),
                new Message<byte[], byte[]> { Value = values[i], Headers = headers }
            );
            if (i % BatchRows == BatchRows - 1)
                producer.Flush(TimeSpan.FromSeconds(30));
        }
        producer.Flush(TimeSpan.FromSeconds(30));
        return values.Count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// Small requests from four producers and a consumer, as the product sends them: a broker that was just started compiles its own code for
    /// its first hundred thousand requests, and would take half the machine for it.
    /// </summary>
    public static async Task WarmUpAsync(string bootstrapServers, string topic, TimeSpan time)
    {
        using var stop = new CancellationTokenSource(time);
        var consumer = Task.Run(() =>
        {
            using var reader = new ConsumerBuilder<byte[], byte[]>(
                new ConsumerConfig
                {
                    BootstrapServers = bootstrapServers,
                    GroupId = topic,
                    GroupProtocol = GroupProtocol.Consumer,
                    AutoOffsetReset = AutoOffsetReset.Earliest,
                }
            ).Build();
            reader.Subscribe(topic);
            while (!stop.IsCancellationRequested)
                reader.Consume(TimeSpan.FromMilliseconds(100));
            reader.Close();
        });
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig
            {
                BootstrapServers = bootstrapServers,
                Acks = Acks.All,
                EnableIdempotence = true,
                LingerMs = 0,
            }
        ).Build();
        var value = new byte[300];
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(partition =>
                    Task.Run(async () =>
                    {
                        while (!stop.IsCancellationRequested)
                            await Task.WhenAll(
                                Enumerable
                                    .Range(0, 10)
                                    .Select(_ =>
                                        producer.ProduceAsync(
                                            new TopicPartition(topic, partition),
                                            new Message<byte[], byte[]> { Key = value[..8], Value = value }
                                        )
                                    )
                            );
                    })
                )
                .Append(consumer)
        );
    }

    /// <summary>The log's values, up to <paramref name="rows"/>.</summary>
    public static async Task<List<byte[]>> ValuesAsync(string connectionString, int rows)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand($"SELECT value FROM event_log LIMIT {rows}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<byte[]>();
        while (await reader.ReadAsync())
            values.Add(reader.GetFieldValue<byte[]>(0));
        return values;
    }

    private static async Task<(List<string> Columns, List<object[]> Rows)> ReadAsync(MySqlConnection connection, string table, int rows)
    {
        await using var command = new MySqlCommand($"SELECT * FROM {table} LIMIT {rows}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var data = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            data.Add(row);
        }
        return (columns, data);
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
