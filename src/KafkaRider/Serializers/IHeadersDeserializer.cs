using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Reads a record's headers.</summary>
public interface IHeadersDeserializer
{
    /// <summary>The headers as MassTransit sees them.</summary>
    IHeaderProvider Deserialize(Confluent.Kafka.Headers headers);
}
