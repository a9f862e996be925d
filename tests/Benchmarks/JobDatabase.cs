using System.Globalization;
using MySqlConnector;
using TestSupport;

namespace Benchmarks;

/// <summary>The database of the job storage, and what it counts.</summary>
internal sealed class JobDatabase(DatabaseServer server)
{
    public DatabaseServer Server => server;

    /// <summary>Statements since the server's start, this one included.</summary>
    public long Questions() => Number("SHOW GLOBAL STATUS LIKE 'Questions'", column: 1);

    /// <summary>Deadlocks since the server's start.</summary>
    public long Deadlocks() =>
        Number("SELECT COALESCE(SUM(count), 0) FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'");

    /// <summary>Makes one deadlock, so that a counter that counts none is not taken for good news.</summary>
    public async Task CheckCounterAsync()
    {
        var connectionString = await server.NewDatabaseAsync("deadlock");
        await using var first = new MySqlConnection(connectionString);
        await using var second = new MySqlConnection(connectionString);
        await first.OpenAsync();
        await second.OpenAsync();
        await RunAsync(first, "CREATE TABLE t (id INT PRIMARY KEY, n INT); INSERT INTO t VALUES (1, 0), (2, 0)");
        var before = Deadlocks();
        await RunAsync(first, "START TRANSACTION; UPDATE t SET n = 1 WHERE id = 1");
        await RunAsync(second, "START TRANSACTION; UPDATE t SET n = 1 WHERE id = 2");
        var waiting = TryAsync(first, "UPDATE t SET n = 2 WHERE id = 2");
        var ended = await Task.WhenAll(waiting, TryAsync(second, "UPDATE t SET n = 2 WHERE id = 1"));
        if (!ended.Contains(false) || Deadlocks() != before + 1)
            throw new InvalidOperationException("The server does not count its deadlocks.");
    }

    public long Number(string sql, int column = 0)
    {
        using var connection = new MySqlConnection(server.ConnectionString());
        connection.Open();
        using var command = new MySqlCommand(sql, connection) { CommandTimeout = 600 };
        using var reader = command.ExecuteReader();
        reader.Read();
        return Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);
    }

    private static async Task RunAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<bool> TryAsync(MySqlConnection connection, string sql)
    {
        try
        {
            await RunAsync(connection, sql);
            await RunAsync(connection, "COMMIT");
            return true;
        }
        catch (MySqlException failure) when (failure.ErrorCode == MySqlErrorCode.LockDeadlock)
        {
            return false;
        }
    }
}
