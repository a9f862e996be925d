using Confluent.Kafka;
using Contracts;

namespace ServiceDefaults;

/// <summary>
/// Reads the bare envelope of the contracts as a message of one type, or of any with <see cref="EventMessage"/>. For endpoints whose
/// failure policy keeps what cannot be read; a record of another type is one of those.
/// </summary>
public sealed class EnvelopeDeserializer<T> : IDeserializer<T>
    where T : EventMessage
{
    /// <inheritdoc />
    /// <exception cref="FormatException">The value is not an envelope with such a message; the message says why.</exception>
    public T Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull)
            return null!;
        return Envelope.Read(data.ToArray()) switch
        {
            EnvelopeContent.Event { Message: T message } => message,
            EnvelopeContent.Event other => throw new FormatException($"The record is of type '{other.Type.Name}'."),
            EnvelopeContent.UnknownType unknown => throw new FormatException($"The record's type '{unknown.Type}' is not known."),
            EnvelopeContent.Undecodable wrong => throw new FormatException(wrong.Reason),
            var content => throw new InvalidOperationException($"{content.GetType().Name} is not expected."),
        };
    }
}
