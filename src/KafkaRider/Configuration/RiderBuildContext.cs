using Confluent.Kafka;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>What endpoints and producers need of the rider when they are built.</summary>
internal sealed class RiderBuildContext
{
    public required IBusInstance BusInstance { get; init; }
    public required ClientConfig Client { get; init; }
    public required IKafkaSerializerFactory Serializers { get; init; }

    /// <summary>Null for the default form.</summary>
    public required IHeadersDeserializer? HeadersDeserializer { get; init; }
    public required IHeadersSerializer HeadersSerializer { get; init; }
    public required Action<IClient, string>? OAuthBearerTokenRefresh { get; init; }
    public required NativeProducers Producers { get; init; }
    public required TimeProvider Clock { get; init; }
    public required ILogger Logger { get; init; }

    public NativeProducer ErrorProducer =>
        Producers.Get(
            ProducerDefaults.Complete(ClientSettings.Producer(Client, new ProducerConfig())),
            new ClientCallbacks(null, OAuthBearerTokenRefresh)
        );
}
