namespace Hangfire.MySql;

/// <summary>The database cannot hold, or does not hold, the tables of this storage. The message says what to do; trying again does not help.</summary>
public sealed class MySqlSchemaException : Exception
{
    /// <summary>Tells what is wrong.</summary>
    public MySqlSchemaException(string message)
        : base(message) { }
}
