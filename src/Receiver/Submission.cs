using Contracts;
using KafkaMySql;
using MassTransit;
using ServiceDefaults;

namespace Receiver;

/// <summary>The way of a request that holds one event.</summary>
internal sealed class Submission(EventIntake intake, UserRules users, ILogger<Submission> logger)
{
    /// <summary>Checks the body, makes the event durable and answers.</summary>
    /// <param name="request">The request.</param>
    /// <param name="produce">Produces the message; the pipe carries the idempotency key in and the receipt out.</param>
    /// <param name="cancellationToken">The client went away.</param>
    /// <exception cref="ProblemException">The request is too large or its idempotency key is not one.</exception>
    public async Task<IResult> RunAsync<TMessage>(
        HttpRequest request,
        Func<TMessage, IPipe<SendContext>, Task> produce,
        CancellationToken cancellationToken
    )
        where TMessage : EventMessage
    {
        var type = EventCatalog.Of(typeof(TMessage));
        var body = await RequestBody.ReadAsync(request, FieldLimits.Body, cancellationToken);
        if (type.Check(body, out var error) is not { } draft)
            return Replies.Problem(StatusCodes.Status400BadRequest, error!);
        if (users.Refuse(draft) is { } refused)
            return Replies.Problem(StatusCodes.Status400BadRequest, refused);
        var key = IdempotencyKeys.Read(request, draft);
        if (users.IsProbe(draft))
            return Receipt.OfNothing;
        try
        {
            var outbox = new OutboxReceipt(key);
            var message = (TMessage)intake.Accept(draft);
            logger.Received(type.Name, message.Identity);
            await produce(message, Pipe.Execute<SendContext>(outbox.AddTo));
            var receipt = outbox.Receipt;
            if (receipt.Repeated)
                logger.Repeated(type.Name, receipt.TraceId);
            else
                logger.Accepted(type.Name, receipt.TraceId, receipt.Partition, receipt.Seq);
            return new Receipt(type, receipt.TraceId);
        }
        catch (EventLogException failure)
        {
            logger.NotAccepted(type.Name, failure.Message);
            return NotAccepted.Reply(failure);
        }
    }
}
