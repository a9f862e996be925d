namespace Contracts.Http;

/// <summary>Headers of the product's own.</summary>
public static class HttpHeaders
{
    /// <summary>The trace id of the event a reply is about.</summary>
    public const string TraceId = "X-Trace-Id";

    /// <summary>Marks a request as a repeat of an earlier one.</summary>
    public const string IdempotencyKey = "Idempotency-Key";
}
