namespace MassTransit.KafkaIntegration.Producing;

/// <summary>A topic's producer without its types.</summary>
internal interface ITopicProducerCore
{
    Type KeyType { get; }
    Type ValueType { get; }
}
