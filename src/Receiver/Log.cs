namespace Receiver;

internal static partial class Log
{
    // Submissions, 1000-1019
    [LoggerMessage(1005, LogLevel.Information, "Received {Type} event {TraceId}")]
    public static partial void Received(this ILogger logger, string type, string traceId);

    [LoggerMessage(1000, LogLevel.Information, "Logged {Type} event {TraceId} as {Partition}/{Seq}")]
    public static partial void Accepted(this ILogger logger, string type, string traceId, int partition, ulong seq);

    [LoggerMessage(1001, LogLevel.Information, "Had {Type} event {TraceId} already, by its idempotency key")]
    public static partial void Repeated(this ILogger logger, string type, string traceId);

    // The log itself says once what is wrong; a line for each refused request would only hide that.
    [LoggerMessage(1002, LogLevel.Debug, "Refused {Type} event: {Reason}")]
    public static partial void NotAccepted(this ILogger logger, string type, string reason);

    [LoggerMessage(1003, LogLevel.Information, "Received and logged {Accepted} events of {Lines} lines, {FirstTraceId} to {LastTraceId}")]
    public static partial void BatchAccepted(this ILogger logger, int accepted, int lines, string firstTraceId, string lastTraceId);

    [LoggerMessage(1004, LogLevel.Debug, "Refused all of {Lines} lines, the first because: {Reason}")]
    public static partial void BatchNotAccepted(this ILogger logger, int lines, string reason);
}
