namespace Consistency;

internal static partial class Log
{
    // Checking, 1000-1099
    [LoggerMessage(1000, LogLevel.Warning, "Nothing could be compared: {Reason}")]
    public static partial void NotChecked(this ILogger logger, string reason);

    [LoggerMessage(1001, LogLevel.Information, "A {Kind} check found: {Status}, {Open} differences open, {Pending} events on their way")]
    public static partial void Checked(this ILogger logger, string kind, string status, int open, long pending);

    // Runify's check, 1100-1199
    [LoggerMessage(1100, LogLevel.Information, "The check says: {State}")]
    public static partial void StatusChanged(this ILogger logger, string state);

    [LoggerMessage(1101, LogLevel.Warning, "The document {File} cannot be written: {Reason}")]
    public static partial void StatusNotWritten(this ILogger logger, string file, string reason);
}
