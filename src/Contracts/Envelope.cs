using System.Globalization;

namespace Contracts;

/// <summary>The value of a record on the topic: <c>{"type":"listings","datetime":"2025-03-04 11:08:08","payload":{...}}</c>.</summary>
public static class Envelope
{
    /// <summary>The envelope of a message as UTF-8 JSON.</summary>
    public static byte[] Write(EventMessage message)
    {
        var type = EventCatalog.Of(message);
        var payload = message.ToPayload().Span;
        Span<byte> time = stackalloc byte[32];
        message.PostedAt.UtcDateTime.TryFormat(time, out var timeLength, type.DateTimeShape, CultureInfo.InvariantCulture);

        var envelope = new byte[type.Opening.Length + timeLength + Middle.Length + payload.Length + 1];
        var rest = envelope.AsSpan();
        Append(ref rest, type.Opening);
        Append(ref rest, time[..timeLength]);
        Append(ref rest, Middle);
        Append(ref rest, payload);
        Append(ref rest, "}"u8);
        return envelope;
    }

    /// <summary>Reads a record's value as a consumer does: whoever wrote it, whatever it holds.</summary>
    /// <param name="value">The value; a message keeps its part of it, so it must not be written to afterwards.</param>
    public static EnvelopeContent Read(ReadOnlyMemory<byte> value) => LenientReader.Read(value);

    private static ReadOnlySpan<byte> Middle => "\",\"payload\":"u8;

    private static void Append(ref Span<byte> rest, scoped ReadOnlySpan<byte> part)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }
}
