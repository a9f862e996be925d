using System.Text.Json;
using Confluent.Kafka;
using MassTransit.Serialization;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Writes bare JSON with MassTransit's options.</summary>
public sealed class MassTransitJsonSerializer<T> : ISerializer<T>
{
    /// <inheritdoc />
    public byte[] Serialize(T data, SerializationContext context) =>
        data is null ? null! : JsonSerializer.SerializeToUtf8Bytes(data, SystemTextJsonMessageSerializer.Options);
}
