using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Serializers;

internal sealed class KafkaHeadersDeserializer : IHeadersDeserializer
{
    public IHeaderProvider Deserialize(Confluent.Kafka.Headers headers) => new KafkaHeaderProvider(headers);
}
