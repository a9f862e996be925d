using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Conversions between kinds of serializers.</summary>
public static class SerializerExtensions
{
    /// <summary>Makes an asynchronous serializer of a synchronous one; it completes at once.</summary>
    public static IAsyncSerializer<T> AsAsyncOverSync<T>(this ISerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return new AsyncOverSyncSerializer<T>(serializer);
    }
}
