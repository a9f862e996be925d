using MassTransit.KafkaIntegration.Consuming;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>A built topic endpoint.</summary>
internal sealed record TopicEndpoint(string Name, TopicEndpointSettings Settings, ReceiveEndpoint Endpoint, EndpointHealth Health);
