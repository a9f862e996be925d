namespace Receiver.Batches;

/// <summary>What became of one line.</summary>
/// <param name="Status">201, or why not.</param>
/// <param name="TraceId">The trace id as JSON when it is 201.</param>
/// <param name="Detail">The reason when it is not.</param>
/// <param name="RetryAfter">When to send the line again; null when that would not help.</param>
internal readonly record struct BatchResult(int Status, string? TraceId, string? Detail, TimeSpan? RetryAfter);
