using Confluent.Kafka;

namespace MassTransit;

/// <summary>Adds topic endpoints to a running rider.</summary>
public interface IKafkaTopicEndpointConnector
{
    /// <summary>Adds a topic endpoint and starts it.</summary>
    HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(
        string topicName,
        string groupId,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class;

    /// <summary>Adds a topic endpoint with the given settings and starts it.</summary>
    HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class;
}
