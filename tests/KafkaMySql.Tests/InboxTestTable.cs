using System.Text;
using MySqlConnector;

namespace KafkaMySql.Tests;

/// <summary>A table as a service would have it, with a text of at most 20 letters and a number of 16 bits.</summary>
internal sealed class InboxTestTable(string name) : IInboxTable
{
    public string Create =>
        $"""
            CREATE TABLE IF NOT EXISTS {name} (
              id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, trace_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              partition_no SMALLINT UNSIGNED NOT NULL, seq BIGINT UNSIGNED NULL, row_partition SMALLINT UNSIGNED NOT NULL, row_no BIGINT NOT NULL, bucket BIGINT UNSIGNED NOT NULL,
              digest BIGINT UNSIGNED NOT NULL, at DATETIME(6) NOT NULL, text VARCHAR(20) CHARACTER SET utf8mb4 NOT NULL, number SMALLINT NOT NULL,
              UNIQUE KEY {name}_trace (trace_id), UNIQUE KEY {name}_row (row_partition, row_no), KEY {name}_at (at)) ENGINE=InnoDB
            """;

    public async Task InsertAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand { Connection = connection };
        var sql = new StringBuilder(
            $"INSERT INTO {name} (trace_id, partition_no, seq, row_partition, row_no, bucket, digest, at, text, number) VALUES "
        );
        for (var i = 0; i < events.Count; i++)
        {
            sql.Append(i == 0 ? "(?,?,?,?,?,?,?,?,?,?)" : ",(?,?,?,?,?,?,?,?,?,?)");
            var message = (InboxTestMessage)events[i].Message;
            foreach (
                var value in new object?[]
                {
                    events[i].TraceId,
                    events[i].Partition,
                    events[i].Seq,
                    events[i].Partition,
                    events[i].RowNo,
                    events[i].Bucket,
                    events[i].Digest,
                    events[i].At,
                    message.Text,
                    message.Number,
                }
            )
                command.Parameters.Add(new MySqlParameter { Value = value });
        }
        command.CommandText = sql.ToString();
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, ulong>> DigestsAsync(
        MySqlConnection connection,
        IReadOnlyCollection<string> traceIds,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand { Connection = connection };
        foreach (var id in traceIds)
            command.Parameters.Add(new MySqlParameter { Value = id });
        command.CommandText =
            $"SELECT trace_id, digest FROM {name} WHERE trace_id IN ({string.Join(',', traceIds.Select(_ => "?"))}) FOR UPDATE";
        var digests = new Dictionary<string, ulong>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            digests.Add(reader.GetString(0), reader.GetUInt64(1));
        return digests;
    }

    public async Task AdoptAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        foreach (var adopted in events)
        {
            await using var command = new MySqlCommand(
                $"UPDATE {name} SET partition_no = @partition, seq = @seq, bucket = @bucket WHERE trace_id = @trace",
                connection
            );
            command.Parameters.AddWithValue("@partition", adopted.Partition);
            command.Parameters.AddWithValue("@seq", adopted.Seq);
            command.Parameters.AddWithValue("@bucket", adopted.Bucket);
            command.Parameters.AddWithValue("@trace", adopted.TraceId);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
