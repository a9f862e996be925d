namespace MassTransit.KafkaIntegration.Configuration;

internal interface ITopicEndpointSpecification
{
    string Name { get; }

    TopicEndpoint Build(RiderBuildContext rider);
}
