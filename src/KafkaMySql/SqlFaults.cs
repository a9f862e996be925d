using System.Net.Sockets;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>Sorts the database's failures by what to do next; the numbers are the same on MySQL and MariaDB unless said.</summary>
internal static class SqlFaults
{
    /// <summary>What <paramref name="failure"/> means. Failures that are not the database's are <see cref="SqlFault.Server"/>: wait, lose nothing.</summary>
    public static SqlFault Classify(Exception failure)
    {
        for (var current = failure; current is not null; current = current.InnerException)
        {
            if (current is MySqlException error)
                return Classify((int)error.ErrorCode, error.SqlState);
            if (current is SocketException or IOException or TimeoutException or ObjectDisposedException)
                return SqlFault.ConnectionLost;
        }

        return SqlFault.Server;
    }

    /// <summary>
    /// Whether a packet that ends with COMMIT may have been carried out although it failed: no answer came, or one that a commit can give
    /// (1180 error during commit, 1026 and 1598 the binary log could not be written, 3100 and 1317 interrupted in it). Any other answer of
    /// the server is a statement's before the commit, which was then not reached.
    /// </summary>
    public static bool MayHaveCommitted(Exception failure)
    {
        for (var current = failure; current is not null; current = current.InnerException)
        {
            if (current is MySqlException error)
                return (int)error.ErrorCode is 1180 or 1026 or 1598 or 3100 or 1317
                    || Classify((int)error.ErrorCode, error.SqlState) is SqlFault.ConnectionLost;
        }

        return true;
    }

    internal static SqlFault Classify(int number, string? sqlState) =>
        number switch
        {
            1062 => SqlFault.Duplicate,
            // Deadlock, lock wait timeout, NOWAIT (MySQL), KILL QUERY, snapshot conflict (MariaDB).
            1213 or 1205 or 3572 or 1317 or 1020 => SqlFault.Contention,
            // Cannot connect, too many connections, host blocked, handshake, shutdown, aborted, packet errors, killed (1927 MariaDB,
            // 3169 and 4031 MySQL), client side: gone away, lost. A negative number is the driver's own: time-out or a broken stream.
            <= 0 or 1040 or 1042 or 1043 or 1053 or 1077 or 1079 or 1080 or 1129 or 1130 or 1152 or (>= 1153 and <= 1161) or 1184 =>
                SqlFault.ConnectionLost,
            // No database selected: it was dropped under the session, which never finds it again by itself.
            1046 or 1203 or 1226 or 1927 or 3169 or 4031 or (>= 2000 and <= 2099) => SqlFault.ConnectionLost,
            // Out of range, truncated, incorrect value, too long.
            1264 or 1265 or 1366 or 1406 => SqlFault.Content,
            _ when sqlState?.StartsWith("22", StringComparison.Ordinal) == true => SqlFault.Content,
            _ when sqlState?.StartsWith("08", StringComparison.Ordinal) == true => SqlFault.ConnectionLost,
            _ => SqlFault.Server,
        };
}
