namespace Web;

internal static partial class Log
{
    // Gateway and dashboard, 7000-7019
    // A page that is open asks every few seconds; that a service is away is said once, below.
    [LoggerMessage(7000, LogLevel.Debug, "{Service} was not reached for {Method} {Path}: {Reason}")]
    public static partial void NotReached(this ILogger logger, string service, string method, string path, string reason);

    [LoggerMessage(7001, LogLevel.Warning, "The services' figures could not be read")]
    public static partial void NotSampled(this ILogger logger, Exception failure);

    [LoggerMessage(7002, LogLevel.Warning, "{Service} is not well: {Detail}")]
    public static partial void ServiceUnwell(this ILogger logger, string service, string detail);

    [LoggerMessage(7003, LogLevel.Information, "{Service} is well again")]
    public static partial void ServiceWell(this ILogger logger, string service);
}
