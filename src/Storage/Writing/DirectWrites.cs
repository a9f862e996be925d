using System.Buffers;
using System.Text.Json;
using Contracts;
using KafkaMySql;
using MassTransit.Kafka.Extensions;
using ServiceDefaults;

namespace Storage.Writing;

/// <summary>
/// Stores events that a client sends here instead of to the Receiver: around the log and the topic, hence switched off unless asked for.
/// </summary>
internal sealed class DirectWrites(InboxWriter inbox, KafkaAddress kafka, IConfiguration configuration, TimeProvider clock)
{
    private readonly bool _allowed = Settings.StorageWriteRoutes.Read(configuration);

    public async Task<IResult> StoreAsync(HttpContext context, EventType type)
    {
        if (!_allowed)
            return Replies.Problem(
                StatusCodes.Status403Forbidden,
                $"Writing here goes around the log and is switched off ({Settings.StorageWriteRoutes.Name}); send events to the Receiver."
            );
        var body = await ReadAsync(context.Request, context.RequestAborted);
        if (type.Check(body, out var error) is not { } draft)
            return Replies.Problem(StatusCodes.Status400BadRequest, error!);
        if (TraceIdOf(body) is not { } traceId)
            return Replies.Problem(StatusCodes.Status400BadRequest, "'trace_id' is required.");

        var now = clock.GetUtcNow();
        var record = new RawRecord
        {
            Topic = kafka.Topic,
            Partition = InboxOptions.DirectPartition,
            Offset = 0,
            Timestamp = now.UtcDateTime,
            Value = Envelope.Write(draft.Accept(traceId, now)),
        };
        var outcome = (await inbox.ApplyForeignAsync([record], context.RequestAborted))[0];
        return outcome switch
        {
            InboxOutcome.Stored or InboxOutcome.Repeated => Results.StatusCode(StatusCodes.Status201Created),
            InboxOutcome.Conflict => Replies.Problem(
                StatusCodes.Status409Conflict,
                $"The trace_id {traceId} is stored already, with another content."
            ),
            _ => Replies.Problem(StatusCodes.Status400BadRequest, "The event cannot be stored."),
        };
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }

    // The body was checked: it is an object, and its trace_id, if it has one, is an integer.
    private static long? TraceIdOf(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("trace_id", out var traceId) ? traceId.GetInt64() : null;
    }
}
