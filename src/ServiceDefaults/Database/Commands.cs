using MySqlConnector;

namespace ServiceDefaults;

/// <summary>Statements with parameters by position.</summary>
public static class Commands
{
    /// <summary>A statement whose question marks stand for <paramref name="values"/>, in their order; null is NULL.</summary>
    public static MySqlCommand Command(this MySqlConnection connection, string sql, params object?[] values)
    {
        var command = new MySqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new MySqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
