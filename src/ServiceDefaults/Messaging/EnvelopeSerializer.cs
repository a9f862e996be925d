using Confluent.Kafka;
using Contracts;

namespace ServiceDefaults;

/// <summary>Writes a message as the bare envelope of the contracts.</summary>
public sealed class EnvelopeSerializer<T> : ISerializer<T>
    where T : EventMessage
{
    /// <inheritdoc />
    public byte[] Serialize(T data, SerializationContext context) => data is null ? null! : Envelope.Write(data);
}
