using Contracts;
using KafkaMySql;

namespace Receiver.Batches;

/// <summary>One line of a batch: <c>{"type":"listings","payload":{...},"idempotency_key":"..."}</c>.</summary>
/// <param name="Draft">The event that passed every check; null when it did not.</param>
/// <param name="Key">Its idempotency key, if it has one.</param>
/// <param name="Status">What is wrong, as a status; 0 when nothing is.</param>
/// <param name="Error">What is wrong, as a sentence.</param>
internal readonly record struct BatchLine(EventDraft? Draft, IdempotencyKey? Key, int Status, string? Error)
{
    /// <summary>Something is wrong with the line.</summary>
    public static BatchLine Refused(string error, int status = StatusCodes.Status400BadRequest) => new(null, null, status, error);
}
