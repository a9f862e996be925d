using System.Text;
using Contracts;
using KafkaMySql;
using ServiceDefaults;

namespace Receiver;

/// <summary>Turns what passed every check into events of the log.</summary>
internal sealed class EventIntake(ITraceIdSource traceIds, TimeProvider clock)
{
    /// <summary>Gives a draft its identity and time.</summary>
    /// <exception cref="LogUnavailableException">No trace ids may be given at the moment.</exception>
    public EventMessage Accept(EventDraft draft)
    {
        var now = clock.GetUtcNow();
        return draft.Type.TraceIdKind == TraceIdKind.Nanoseconds
            ? draft.Accept(traceIds.Next(), now)
            : draft.Accept(Guid.CreateVersion7(now), now);
    }

    /// <summary>The event as it will stand in the log and on the topic.</summary>
    public static LogEvent ToLogEvent(EventMessage message, IdempotencyKey? key)
    {
        var type = EventCatalog.Of(message);
        return new LogEvent
        {
            TraceId = message.Identity,
            TypeId = type.Id,
            Key = Encoding.UTF8.GetBytes(type.Key(message)),
            Value = Envelope.Write(message),
            Digest = type.Digest(message),
            Idempotency = key,
            Headers = TraceParent(),
        };
    }

    private static KeyValuePair<string, byte[]>[]? TraceParent() =>
        TraceHeadersSerializer.Current() is { } id ? [new(TraceHeadersSerializer.TraceParent, Encoding.ASCII.GetBytes(id))] : null;
}
