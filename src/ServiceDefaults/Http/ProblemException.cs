namespace ServiceDefaults;

/// <summary>Ends a request with a problem document. For code that is too deep to return a reply.</summary>
public sealed class ProblemException(int status, string detail, TimeSpan? retryAfter = null) : Exception(detail)
{
    /// <summary>The reply's status.</summary>
    public int Status { get; } = status;

    /// <summary>When to try again; null when that would not help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
