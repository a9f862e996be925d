namespace Processing;

internal static partial class Log
{
    // Counting, 1000-1099
    [LoggerMessage(1000, LogLevel.Warning, "Nothing was counted of {Type}: {Reason}")]
    public static partial void NotCounted(this ILogger logger, string type, string reason);

    [LoggerMessage(1001, LogLevel.Warning, "Storage was restored or mended; {Type} is counted anew")]
    public static partial void CountingAnew(this ILogger logger, string type);

    [LoggerMessage(1002, LogLevel.Error, "Of {Type} {Counted} had been counted; there are {Count}, or their sums differ")]
    public static partial void CountedWrongly(this ILogger logger, string type, long counted, long count);
}
