using System.Globalization;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>The table <c>expired</c>: ranges of the log this reader can never see. A row stays until somebody who knows deletes it.</summary>
internal sealed class ExpiredTable(string consumer)
{
    public async Task InsertAsync(
        MySqlConnection connection,
        int partition,
        IEnumerable<ExpiredRange> ranges,
        DateTime at,
        CancellationToken cancellationToken
    )
    {
        foreach (var range in ranges)
        {
            await using var command = new MySqlCommand(
                """
                INSERT INTO expired (consumer, partition_no, before_seq, after_seq, at)
                  SELECT @consumer, @partition, @before, @after, @at FROM DUAL
                  WHERE NOT EXISTS (SELECT 1 FROM expired e WHERE e.consumer = @consumer AND e.partition_no = @partition AND e.before_seq = @before)
                """,
                connection
            );
            command.Parameters.AddWithValue("@consumer", consumer);
            command.Parameters.AddWithValue("@partition", partition);
            command.Parameters.AddWithValue("@before", range.BeforeSeq);
            command.Parameters.AddWithValue("@after", range.AfterSeq);
            command.Parameters.AddWithValue("@at", at);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>How many ranges there are in the partition.</summary>
    public async Task<long> CountAsync(MySqlConnection connection, int partition, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            "SELECT COUNT(*) FROM expired WHERE consumer = @consumer AND partition_no = @partition",
            connection
        );
        command.Parameters.AddWithValue("@consumer", consumer);
        command.Parameters.AddWithValue("@partition", partition);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }
}
