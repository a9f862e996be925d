using Confluent.Kafka;

namespace MassTransit;

/// <summary>The send context of a message with a key.</summary>
public interface KafkaSendContext<TKey, T> : KafkaSendContext<T>
    where T : class
{
    /// <summary>The record's key.</summary>
    TKey Key { get; set; }

    /// <summary>Writes this message's key; the producer's serializer unless replaced.</summary>
    IAsyncSerializer<TKey> KeySerializer { get; set; }
}
