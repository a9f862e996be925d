using Microsoft.Extensions.Logging;

namespace KafkaMySql;

/// <summary>Messages of the inbox (2200-2299).</summary>
internal static partial class Log
{
    [LoggerMessage(2200, LogLevel.Warning, "'{Consumer}' waits in partition {Partition}: {Reason}")]
    public static partial void InboxWaits(this ILogger logger, string consumer, int partition, string reason);

    [LoggerMessage(2201, LogLevel.Information, "'{Consumer}' goes on in partition {Partition} after {Seconds:F1} s")]
    public static partial void InboxGoesOn(this ILogger logger, string consumer, int partition, double seconds);

    [LoggerMessage(2202, LogLevel.Error, "'{Consumer}' is stopped in partition {Partition}: {Reason}")]
    public static partial void InboxStopped(this ILogger logger, string consumer, int partition, string reason);

    [LoggerMessage(2203, LogLevel.Warning, "'{Consumer}' entered {Count} dead letters in partition {Partition}, the first: {Reason}")]
    public static partial void InboxDeadLetters(this ILogger logger, string consumer, int count, int partition, string reason);

    [LoggerMessage(2204, LogLevel.Warning, "'{Consumer}' parked {Count} records of partition {Partition} whose type it does not know")]
    public static partial void InboxParked(this ILogger logger, string consumer, int count, int partition);

    [LoggerMessage(2205, LogLevel.Information, "'{Consumer}' took {Count} parked records of partition {Partition}")]
    public static partial void InboxUnparked(this ILogger logger, string consumer, int count, int partition);

    [LoggerMessage(
        2206,
        LogLevel.Error,
        "'{Consumer}' can never see rows {After} to {Before} of partition {Partition}: the log no longer has what lies between"
    )]
    public static partial void InboxExpired(this ILogger logger, string consumer, ulong after, ulong before, int partition);

    [LoggerMessage(2207, LogLevel.Error, "'{Consumer}' does not read: {Reason}")]
    public static partial void InboxRefused(this ILogger logger, string consumer, string reason);

    [LoggerMessage(2208, LogLevel.Information, "'{Consumer}' is ready: {Partitions} partitions of the log '{Log}'")]
    public static partial void InboxReady(this ILogger logger, string consumer, int partitions, string log);

    [LoggerMessage(2209, LogLevel.Debug, "'{Consumer}' could not write down in partition {Partition} that it stands; it is tried again")]
    public static partial void InboxStallNotWritten(this ILogger logger, string consumer, int partition, Exception failure);

    [LoggerMessage(
        2210,
        LogLevel.Warning,
        "'{Consumer}' entered {Count} dead letters of others in partition {Partition}, the first: {Reason}. Further ones are counted, and told once a minute"
    )]
    public static partial void InboxForeignDeadLetters(this ILogger logger, string consumer, int count, int partition, string reason);

    [LoggerMessage(2211, LogLevel.Debug, "'{Consumer}' could not look whether its partitions stand; it is tried again")]
    public static partial void InboxLookFailed(this ILogger logger, string consumer, Exception failure);
}
