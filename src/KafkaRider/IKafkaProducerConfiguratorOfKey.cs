using Confluent.Kafka;

namespace MassTransit;

/// <summary>Configures a producer with a typed key and value.</summary>
public interface IKafkaProducerConfigurator<TKey, TValue> : IKafkaProducerConfigurator
    where TValue : class
{
    /// <summary>Sets how keys are written.</summary>
    void SetKeySerializer(IAsyncSerializer<TKey> serializer);

    /// <summary>Sets how values are written. A serializer that returns null writes a tombstone.</summary>
    void SetValueSerializer(IAsyncSerializer<TValue> serializer);
}
