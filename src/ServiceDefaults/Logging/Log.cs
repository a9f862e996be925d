using Microsoft.Extensions.Logging;

namespace ServiceDefaults;

internal static partial class Log
{
    // Requests, 100-119
    [LoggerMessage(100, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception failure, string method, string path);

    [LoggerMessage(101, LogLevel.Debug, "{Method} {Path} could not be served: {Reason}")]
    public static partial void RequestNotServed(this ILogger logger, string method, string path, string reason);

    // Start and stop, 120-139
    [LoggerMessage(120, LogLevel.Warning, "Setting {Name} is not known and has no effect")]
    public static partial void UnknownSetting(this ILogger logger, string name);

    [LoggerMessage(121, LogLevel.Information, "The process that started this one is gone; stopping")]
    public static partial void ParentGone(this ILogger logger);

    [LoggerMessage(122, LogLevel.Warning, "In {File} these keys are not known and have no effect: {Keys}")]
    public static partial void UnknownKeys(this ILogger logger, string file, string keys);

    [LoggerMessage(123, LogLevel.Warning, "TARGET_ENV is test, but there is no {File}")]
    public static partial void NoFile(this ILogger logger, string file);

    // Database, 140-159
    [LoggerMessage(140, LogLevel.Warning, "Waiting for the database {Database}: {Reason}")]
    public static partial void WaitingForDatabase(this ILogger logger, string database, string reason);

    [LoggerMessage(141, LogLevel.Information, "The database {Database} is ready")]
    public static partial void DatabaseReady(this ILogger logger, string database);

    [LoggerMessage(142, LogLevel.Information, "Creating the database {Database}")]
    public static partial void CreatingDatabase(this ILogger logger, string database);

    // Jobs, 160-179
    [LoggerMessage(160, LogLevel.Warning, "The recurring jobs cannot be scheduled: {Reason}")]
    public static partial void JobsNotScheduled(this ILogger logger, string reason);

    [LoggerMessage(161, LogLevel.Warning, "The scheduler had given up the job {Job}; it is scheduled again")]
    public static partial void JobScheduledAgain(this ILogger logger, string job);
}
