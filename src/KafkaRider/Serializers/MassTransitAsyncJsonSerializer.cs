using System.Text.Json;
using Confluent.Kafka;
using MassTransit.Serialization;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Writes bare JSON with MassTransit's options; completes at once.</summary>
public sealed class MassTransitAsyncJsonSerializer<T> : IAsyncSerializer<T>
{
    /// <inheritdoc />
    public Task<byte[]> SerializeAsync(T data, SerializationContext context)
    {
        try
        {
            return Task.FromResult(
                data is null ? null! : JsonSerializer.SerializeToUtf8Bytes(data, SystemTextJsonMessageSerializer.Options)
            );
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return Task.FromException<byte[]>(exception);
        }
    }
}
