namespace Consistency;

internal static partial class Log
{
    // Checking, 1000-1099
    [LoggerMessage(1000, LogLevel.Warning, "Nothing could be compared: {Reason}")]
    public static partial void NotChecked(this ILogger logger, string reason);

    [LoggerMessage(1001, LogLevel.Information, "A {Kind} check found: {Status}, {Open} differences open, {Pending} events on their way")]
    public static partial void Checked(this ILogger logger, string kind, string status, int open, long pending);
}
