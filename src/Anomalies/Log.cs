using Anomalies.Detecting;

namespace Anomalies;

internal static partial class Log
{
    // Limits, 1000-1099
    [LoggerMessage(1000, LogLevel.Information, "The limits have changed: {Values}")]
    public static partial void ThresholdsChanged(this ILogger logger, ThresholdValues values);

    [LoggerMessage(1001, LogLevel.Error, "The limits that held before still do. {Trouble}")]
    public static partial void ThresholdsNotChanged(this ILogger logger, string trouble);

    // Records, 1100-1199
    [LoggerMessage(1100, LogLevel.Information, "The detector has caught up with the topic: its anomalies are given out from now on")]
    public static partial void CaughtUp(this ILogger logger);

    [LoggerMessage(1101, LogLevel.Warning, "The document {File} cannot be written: {Reason}")]
    public static partial void DocumentNotWritten(this ILogger logger, string file, string reason);

    [LoggerMessage(1102, LogLevel.Information, "The document {File} is written again")]
    public static partial void DocumentWritten(this ILogger logger, string file);
}
