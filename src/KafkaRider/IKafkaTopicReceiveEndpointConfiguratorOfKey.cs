using Confluent.Kafka;

namespace MassTransit;

/// <summary>Configures a topic endpoint with a typed key and value.</summary>
public interface IKafkaTopicReceiveEndpointConfigurator<TKey, TValue> : IKafkaTopicReceiveEndpointConfigurator
    where TValue : class
{
    /// <summary>Sets how keys are read.</summary>
    void SetKeyDeserializer(IDeserializer<TKey> deserializer);

    /// <summary>
    /// Sets how values are read. It may return a derived type: dispatch goes by the type of the object. A null return is skipped and counted.
    /// </summary>
    void SetValueDeserializer(IDeserializer<TValue> deserializer);
}
