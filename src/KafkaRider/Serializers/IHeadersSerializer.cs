namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Writes a send context's headers onto a record.</summary>
public interface IHeadersSerializer
{
    /// <summary>The record's headers.</summary>
    Confluent.Kafka.Headers Serialize(SendContext context);
}
