using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>
/// Sends statements as one transaction: in one round trip when they fit into a packet, else in several. Either all take effect or none.
/// </summary>
internal static class CommandBatch
{
    public const int MaxStatements = 500;
    public const int MaxCharacters = 500_000;

    private const string Begin = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION";

    /// <summary>Runs the commands in their order. After an error the connection is as clean as before.</summary>
    public static void Run(MySqlConnection connection, IReadOnlyList<BufferedCommand> commands, TimeSpan timeout)
    {
        try
        {
            var at = 0;
            while (at < commands.Count)
            {
                using var batch = new MySqlBatch(connection) { Timeout = MySqlDatabase.Seconds(timeout) };
                if (at == 0)
                    batch.BatchCommands.Add(new MySqlBatchCommand(Begin));
                var from = at;
                for (var size = 0; at < commands.Count && at - from < MaxStatements; at++)
                {
                    size += commands[at].Size;
                    if (size > MaxCharacters && at > from)
                        break;
                    batch.BatchCommands.Add(commands[at].ToCommand());
                }
                if (at == commands.Count)
                    batch.BatchCommands.Add(new MySqlBatchCommand("COMMIT"));
                batch.ExecuteNonQuery();
            }
        }
        catch (Exception exception) when (!SqlFaults.IsConnection(exception))
        {
            // An error in the middle leaves the transaction open, with its locks.
            Sql.Command(connection, "ROLLBACK").Execute();
            throw;
        }
    }
}
