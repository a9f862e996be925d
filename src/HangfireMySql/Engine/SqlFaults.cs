using System.Net.Sockets;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>What an error of the database means for trying again.</summary>
internal static class SqlFaults
{
    // As MySqlErrorCode does not name them all: server gone, lost during query, killed, shut down, idle too long, read-only during failover.
    private static readonly HashSet<int> ConnectionNumbers =
    [
        1040,
        1042,
        1053,
        1077,
        1152,
        1158,
        1159,
        1160,
        1161,
        1927,
        2002,
        2003,
        2006,
        2013,
        4031,
    ];

    /// <summary>The statement (1205) or the transaction (1213) was given up in favour of another; after a rollback it may be repeated.</summary>
    public static bool IsContention(Exception exception) => exception is MySqlException { Number: 1205 or 1213 or 3572 };

    /// <summary>The tables, or their database, are not there any more: somebody dropped them.</summary>
    public static bool IsGone(Exception exception) =>
        exception
            is MySqlException
            {
                ErrorCode: MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownDatabase or MySqlErrorCode.NoDatabaseSelected
            };

    /// <summary>The server's user-level locks would wait for each other: 3058 on MySQL, 1213 on MariaDB.</summary>
    public static bool IsLockDeadlock(Exception exception) => exception is MySqlException { Number: 1213 or 3058 };

    /// <summary>The connection is gone, or none could be had; whether a statement in flight took effect is not known.</summary>
    public static bool IsConnection(Exception exception) =>
        exception is MySqlException fault
            ? ConnectionNumbers.Contains(fault.Number)
                || (fault.IsTransient && !IsContention(fault))
                || fault.InnerException is SocketException or IOException
                // A killed session's statement ends with 1317 before the session does.
                || fault.Number == 1317
            : exception is SocketException or IOException || IsClosed(exception);

    // The driver refuses a command on a connection that it has found broken.
    private static bool IsClosed(Exception exception) =>
        exception is InvalidOperationException && exception.Message.Contains("Connection must be Open", StringComparison.Ordinal);
}
