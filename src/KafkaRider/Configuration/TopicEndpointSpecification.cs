using Confluent.Kafka;
using MassTransit.KafkaIntegration.Consuming;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>A topic endpoint as the user asked for it; configured when the bus is built.</summary>
internal sealed class TopicEndpointSpecification<TKey, TValue>(
    string topic,
    ConsumerConfig consumer,
    Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
) : ITopicEndpointSpecification
    where TValue : class
{
    public string Name => $"{topic}/{consumer.GroupId}";

    public TopicEndpoint Build(RiderBuildContext rider)
    {
        var settings = new TopicEndpointSettings { Topic = topic, Consumer = ClientSettings.Consumer(rider.Client, consumer) };
        var configuration = new TopicEndpointConfiguration<TKey, TValue>(rider, settings);
        configure(configuration);
        var failures = configuration.Validate().Where(result => result.Disposition == ValidationResultDisposition.Failure).ToList();
        if (failures.Count > 0)
            throw new ConfigurationException(failures, $"The topic endpoint {Name} is not configured properly:");
        return configuration.Build();
    }
}
