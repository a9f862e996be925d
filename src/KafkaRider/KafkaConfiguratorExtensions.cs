using Confluent.Kafka;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit;

/// <summary>Short forms of the configurators.</summary>
public static class KafkaConfiguratorExtensions
{
    /// <summary>Sets the brokers to start from, <c>host:port</c>, several separated by commas.</summary>
    public static void Host(this IKafkaFactoryConfigurator configurator, string servers, Action<IKafkaHostConfigurator>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentException.ThrowIfNullOrWhiteSpace(servers);
        configurator.Host(servers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), configure);
    }

    /// <summary>Consumes a topic without looking at keys.</summary>
    public static void TopicEndpoint<T>(
        this IKafkaFactoryConfigurator configurator,
        string topicName,
        string groupId,
        Action<IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.TopicEndpoint(topicName, groupId, configure);
    }

    /// <summary>Consumes a topic with the given settings without looking at keys.</summary>
    public static void TopicEndpoint<T>(
        this IKafkaFactoryConfigurator configurator,
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.TopicEndpoint(topicName, consumerConfig, configure);
    }

    /// <summary>Adds a topic endpoint to a running rider without looking at keys.</summary>
    public static HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        this IKafkaTopicEndpointConnector connector,
        string topicName,
        string groupId,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(connector);
        return connector.ConnectTopicEndpoint(topicName, groupId, configure);
    }

    /// <summary>Adds a topic endpoint with the given settings to a running rider without looking at keys.</summary>
    public static HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        this IKafkaTopicEndpointConnector connector,
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(connector);
        return connector.ConnectTopicEndpoint(topicName, consumerConfig, configure);
    }

    /// <summary>Sets how keys are written.</summary>
    public static void SetKeySerializer<TKey, TValue>(
        this IKafkaProducerConfigurator<TKey, TValue> configurator,
        ISerializer<TKey> serializer
    )
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.SetKeySerializer(serializer.AsAsyncOverSync());
    }

    /// <summary>Sets how values are written.</summary>
    public static void SetValueSerializer<TKey, TValue>(
        this IKafkaProducerConfigurator<TKey, TValue> configurator,
        ISerializer<TValue> serializer
    )
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.SetValueSerializer(serializer.AsAsyncOverSync());
    }
}
