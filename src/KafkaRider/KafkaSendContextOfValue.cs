using Confluent.Kafka;

namespace MassTransit;

/// <summary>The send context of a message on its way to a topic.</summary>
public interface KafkaSendContext<T> : SendContext<T>, KafkaSendContext
    where T : class
{
    /// <summary>Writes this message's value; the producer's serializer unless replaced.</summary>
    IAsyncSerializer<T> ValueSerializer { get; set; }
}
