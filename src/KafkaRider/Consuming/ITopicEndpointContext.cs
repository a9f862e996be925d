using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The endpoint's context without its types.</summary>
internal interface ITopicEndpointContext : ReceiveEndpointContext
{
    string GroupId { get; }

    Uri AddressOf(string topic);

    /// <summary>Null when the default form applies.</summary>
    IHeaderProvider? ReadHeaders(Confluent.Kafka.Headers? headers);
}
