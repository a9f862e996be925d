using Confluent.Kafka;

namespace MassTransit.Kafka.Extensions;

/// <summary>Endpoints that deliver partition batches.</summary>
public static class KafkaTopicEndpointExtensions
{
    /// <summary>
    /// Consumes a topic batch by batch: what one poll returned for one partition (at most 500 records unless
    /// <c>DeliverBatches</c> says otherwise) is one <see cref="PartitionBatch{T}"/> through the consume pipe.
    /// With <see cref="RawRecord"/> nothing is deserialized.
    /// </summary>
    public static void BatchEndpoint<T>(
        this IKafkaFactoryConfigurator configurator,
        string topicName,
        string groupId,
        Action<IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        configurator.BatchEndpoint(topicName, new ConsumerConfig { GroupId = groupId }, configure);
    }

    /// <summary>Consumes a topic batch by batch with the given consumer settings.</summary>
    public static void BatchEndpoint<T>(
        this IKafkaFactoryConfigurator configurator,
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(configure);
        configurator.TopicEndpoint<Ignore, T>(
            topicName,
            consumerConfig,
            endpoint =>
            {
                endpoint.DeliverBatches();
                configure(endpoint);
            }
        );
    }

    /// <summary>Sends what producers produce to an outbox instead of Kafka.</summary>
    public static void UseOutbox(this IKafkaFactoryConfigurator configurator, ITopicOutbox outbox)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(outbox);
        configurator.UseOutbox(_ => outbox);
    }
}
