using System.Globalization;
using System.Text;
using Contracts.Fields;

namespace Contracts;

/// <summary>A request body that passed every check and waits for its trace id.</summary>
public sealed class EventDraft
{
    private readonly EventMessage _message;
    private readonly Range? _clientTraceId;

    /// <param name="type">The event's type.</param>
    /// <param name="message">The message, filled but for trace id and time.</param>
    /// <param name="payload">The body's text, from brace to brace.</param>
    /// <param name="clientTraceId">Where in the payload the client's own trace id stands; null when it sent none.</param>
    internal EventDraft(EventType type, EventMessage message, ReadOnlyMemory<byte> payload, Range? clientTraceId)
    {
        Type = type;
        _message = message;
        Payload = payload;
        _clientTraceId = clientTraceId;
    }

    /// <summary>The event's type.</summary>
    public EventType Type { get; }

    /// <summary>The body's text as the client sent it, from brace to brace, UTF-8.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The number or name a client knows the event by.</summary>
    public object EventId => Type.EventId(_message);

    /// <summary>Gives the event its identity and time. A draft is accepted once.</summary>
    /// <param name="traceId">The new trace id; takes the place of one the client sent.</param>
    /// <param name="at">When the event was accepted.</param>
    public EventMessage Accept(long traceId, DateTimeOffset at)
    {
        ((EventField<long>)Type.TraceId).Set(_message, traceId);
        return Accepted(traceId.ToString(CultureInfo.InvariantCulture), at);
    }

    /// <inheritdoc cref="Accept(long, DateTimeOffset)"/>
    public EventMessage Accept(Guid traceId, DateTimeOffset at)
    {
        var text = traceId.ToString("D");
        ((EventField<string>)Type.TraceId).Set(_message, text);
        return Accepted($"\"{text}\"", at);
    }

    private EventMessage Accepted(string traceId, DateTimeOffset at)
    {
        if (_message.Original is not null)
            throw new InvalidOperationException("The draft was accepted before.");
        _message.SetPostedAt(at);
        _message.Original = WithTraceId(traceId);
        return _message;
    }

    private byte[] WithTraceId(string json)
    {
        var before = _clientTraceId is { } from ? Payload.Span[..from.Start] : Payload.Span[..^1];
        var after = _clientTraceId is { } to ? Payload.Span[to.End..] : "}"u8;
        var insert = _clientTraceId is null ? $",\"trace_id\":{json}" : json;
        var payload = new byte[before.Length + insert.Length + after.Length];
        before.CopyTo(payload);
        Encoding.ASCII.GetBytes(insert, payload.AsSpan(before.Length));
        after.CopyTo(payload.AsSpan(before.Length + insert.Length));
        return payload;
    }
}
