using MySqlConnector;

namespace KafkaMySql;

/// <summary>Whether the server keeps a commit over a power cut.</summary>
internal static class Durability
{
    public static async Task<string?> CheckAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT @@GLOBAL.innodb_flush_log_at_trx_commit, @@GLOBAL.log_bin, @@GLOBAL.sync_binlog";
        using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return Judge(reader.GetInt64(0), reader.GetInt64(1) != 0, reader.GetInt64(2));
    }

    internal static string? Judge(long flushAtCommit, bool binlog, long syncBinlog) =>
        flushAtCommit != 1
            ? $"The database may lose the last second of accepted events in a power cut: innodb_flush_log_at_trx_commit is {flushAtCommit}, set it to 1."
        : binlog && syncBinlog != 1
            ? $"The database may lose accepted events in a power cut: its binlog is on and sync_binlog is {syncBinlog}, set it to 1."
        : null;
}
