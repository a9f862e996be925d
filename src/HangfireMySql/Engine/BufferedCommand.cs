using System.Globalization;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>A statement of a write transaction that waits for the commit.</summary>
/// <param name="Group">Where it comes: transactions that touch the same rows lock them in the same order.</param>
/// <param name="Key">What it touches within the group; the order of calls is kept for one key.</param>
/// <param name="Text">One or more statements.</param>
/// <param name="Parameters">What is put into them.</param>
internal sealed record BufferedCommand(CommandGroup Group, string Key, string Text, (string Name, object? Value)[] Parameters)
{
    /// <summary>About how many characters it sends.</summary>
    public int Size => Text.Length + Parameters.Sum(parameter => parameter.Value is string text ? text.Length + 8 : 24);

    /// <summary>A job's key: padded, so that the order of texts is that of numbers.</summary>
    public static string JobKey(long number) => number.ToString("D20", CultureInfo.InvariantCulture);

    public MySqlBatchCommand ToCommand() => Sql.Batched(Text, Parameters);
}

/// <summary>The order of a transaction's statements.</summary>
internal enum CommandGroup
{
    Job,
    Hash,
    List,
    Set,
    Counter,
    Queue,
}
