using Contracts;
using KafkaMySql;
using ServiceDefaults;

namespace Receiver;

/// <summary>The way of a request that holds one event.</summary>
internal sealed class Submission(EventIntake intake, IEventLog log, ILogger<Submission> logger)
{
    /// <summary>Checks the body, makes the event durable and answers.</summary>
    /// <exception cref="ProblemException">The request is too large or its idempotency key is not one.</exception>
    public async Task<IResult> RunAsync(EventType type, HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, FieldLimits.Body, cancellationToken);
        if (type.Check(body, out var error) is not { } draft)
            return Replies.Problem(StatusCodes.Status400BadRequest, error!);
        var key = IdempotencyKeys.Read(request, draft);
        try
        {
            var message = intake.Accept(draft);
            var receipt = await log.AppendAsync(EventIntake.ToLogEvent(message, key), cancellationToken);
            if (receipt.Repeated)
                logger.Repeated(type.Name, receipt.TraceId);
            else
                logger.Accepted(type.Name, receipt.TraceId, receipt.Partition, receipt.Seq);
            return new Receipt(receipt.TraceId);
        }
        catch (EventLogException failure)
        {
            logger.NotAccepted(type.Name, failure.Message);
            return NotAccepted.Reply(failure);
        }
    }
}
