using MySqlConnector;

namespace KafkaMySql;

/// <summary>A service's table did not take what the inbox gave it; only such a failure can be a record's fault.</summary>
internal sealed class TableFaultException(SqlFault fault, int suspects, MySqlException inner) : Exception(inner.Message, inner)
{
    public SqlFault Fault { get; } = fault;

    /// <summary>How many events were in the transaction, any of which may be the cause.</summary>
    public int Suspects { get; } = suspects;

    public string Reason { get; } = $"the database refuses it: {inner.Message} ({(int)inner.ErrorCode}, {inner.SqlState})";
}
