using MySqlConnector;

namespace KafkaMySql;

/// <summary>Short-lived connections for what happens rarely; what writes batches has a <see cref="WriterConnection"/>.</summary>
internal static class InboxConnection
{
    /// <summary>Opens a connection outside the pool whose time-outs are short, so that a frozen server does not freeze its callers.</summary>
    public static async Task<MySqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(
            new MySqlConnectionStringBuilder(connectionString)
            {
                Pooling = false,
                ConnectionTimeout = 4,
                DefaultCommandTimeout = 8,
            }.ConnectionString
        );
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
