using MassTransit.KafkaIntegration.Producing;

namespace MassTransit.KafkaIntegration.Configuration;

internal interface ITopicProducerSpecification
{
    string Topic { get; }

    Type KeyType { get; }

    Type ValueType { get; }

    ITopicProducerCore Build(RiderBuildContext rider, ProducerSharing sharing);
}
