using Contracts.Http;
using KafkaMySql;
using ServiceDefaults;

namespace Receiver;

/// <summary>What a client is told when its event did not become durable.</summary>
internal static class NotAccepted
{
    private const string InDoubt = "It is unknown whether it was accepted: retry with the same Idempotency-Key.";

    public static IResult Reply(EventLogException failure)
    {
        var status = Status(failure);
        return failure.RetryAfter is { } wait ? Replies.Message(status, Message(failure), wait) : Replies.Problem(status, failure.Message);
    }

    /// <summary>The status of a request with one event.</summary>
    public static int Status(EventLogException failure) =>
        failure switch
        {
            IdempotencyConflictException => StatusCodes.Status422UnprocessableEntity,
            LogEventRefusedException => StatusCodes.Status400BadRequest,
            LogQueueFullException => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status503ServiceUnavailable,
        };

    /// <summary>The sentence for whoever sent the event.</summary>
    public static string Message(EventLogException failure) =>
        failure switch
        {
            LogUnavailableException { InDoubt: true } => $"{MessageDocument.NotSent.Message} {InDoubt}",
            { RetryAfter: not null } => MessageDocument.NotSent.Message,
            _ => failure.Message,
        };
}
