namespace KafkaMySql;

/// <summary>An event was not made durable, or it is not known whether it was.</summary>
public abstract class EventLogException(string message, TimeSpan? retryAfter, Exception? inner) : Exception(message, inner)
{
    /// <summary>How long to wait before trying again; null when trying again cannot help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>The queue before the writer is full: try again soon. Nothing was written.</summary>
public sealed class LogQueueFullException(string message, TimeSpan retryAfter) : EventLogException(message, retryAfter, null);

/// <summary>The backlog (rows, bytes or age of what Kafka lacks) is over its cap. Nothing was written.</summary>
public sealed class LogBacklogException(string message, TimeSpan retryAfter) : EventLogException(message, retryAfter, null);

/// <summary>The database could not be reached or refused.</summary>
public sealed class LogUnavailableException(string message, bool inDoubt, TimeSpan retryAfter, Exception? inner)
    : EventLogException(message, retryAfter, inner)
{
    /// <summary>True when the event may have been committed all the same: retry with the same idempotency key.</summary>
    public bool InDoubt { get; } = inDoubt;
}

/// <summary>The idempotency key was used before with another body.</summary>
public sealed class IdempotencyConflictException(string message) : EventLogException(message, null, null);

/// <summary>The event cannot be stored by anyone: a field is over its column's size. Trying again does not help.</summary>
public sealed class LogEventRefusedException(string message) : EventLogException(message, null, null);
