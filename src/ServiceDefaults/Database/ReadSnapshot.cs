using MySqlConnector;

namespace ServiceDefaults;

/// <summary>
/// One moment of a database: what is read on the connection until this is disposed is as of its beginning. As statements, not as the driver's
/// transaction, which every command would have to name.
/// </summary>
public sealed class ReadSnapshot : IAsyncDisposable
{
    private readonly MySqlConnection _connection;

    private ReadSnapshot(MySqlConnection connection) => _connection = connection;

    /// <summary>Takes the moment now.</summary>
    public static async Task<ReadSnapshot> BeginAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var begin = new MySqlCommand(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
            connection
        );
        await begin.ExecuteNonQueryAsync(cancellationToken);
        return new ReadSnapshot(connection);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // On a lost connection the transaction is gone with it.
        if (_connection.State is not System.Data.ConnectionState.Open)
            return;
        await using var end = new MySqlCommand("COMMIT", _connection);
        await end.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
