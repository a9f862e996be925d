using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Serializers;

internal sealed class AsyncOverSyncSerializer<T>(ISerializer<T> serializer) : IAsyncSerializer<T>
{
    public Task<byte[]> SerializeAsync(T data, SerializationContext context)
    {
        try
        {
            return Task.FromResult(serializer.Serialize(data, context));
        }
        catch (Exception exception)
        {
            return Task.FromException<byte[]>(exception);
        }
    }
}
