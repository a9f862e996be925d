namespace KafkaMySql;

/// <summary>A connection is down and its next try is not due yet; the inner exception says why it went down.</summary>
internal sealed class ConnectionUnavailableException(string message, TimeSpan retryAfter, Exception? inner) : IOException(message, inner)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
