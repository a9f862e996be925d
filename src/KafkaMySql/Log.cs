using Microsoft.Extensions.Logging;

namespace KafkaMySql;

/// <summary>Messages of the event log (2000-2099) and the relay (2100-2199).</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "The database connection of {Name} is down: {Reason}. It is tried again until it is back")]
    public static partial void ConnectionDown(this ILogger logger, string name, string reason);

    [LoggerMessage(2001, LogLevel.Information, "The database connection of {Name} is back after {Seconds:F1} s")]
    public static partial void ConnectionUp(this ILogger logger, string name, double seconds);

    [LoggerMessage(2002, LogLevel.Debug, "The given-up connection of {Name} did not close cleanly")]
    public static partial void ConnectionCloseFailed(this ILogger logger, string name, Exception failure);
}
