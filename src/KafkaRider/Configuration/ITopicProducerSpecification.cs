using MassTransit.KafkaIntegration.Producing;

namespace MassTransit.KafkaIntegration.Configuration;

internal interface ITopicProducerSpecification
{
    string Topic { get; }

    ITopicProducerCore Build(RiderBuildContext rider, ProducerSharing sharing);
}
