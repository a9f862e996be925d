using Confluent.Kafka;
using MassTransit.Context;

namespace MassTransit.KafkaIntegration.Producing;

internal sealed class KafkaTopicSendContext<TKey, TValue> : MessageSendContext<TValue>, KafkaSendContext<TKey, TValue>
    where TValue : class
{
    public KafkaTopicSendContext(
        TKey key,
        TValue message,
        IAsyncSerializer<TKey> keySerializer,
        IAsyncSerializer<TValue> valueSerializer,
        CancellationToken cancellationToken
    )
        : base(message, cancellationToken)
    {
        Key = key;
        KeySerializer = keySerializer;
        ValueSerializer = valueSerializer;
    }

    public TKey Key { get; set; }

    public IAsyncSerializer<TKey> KeySerializer { get; set; }

    public IAsyncSerializer<TValue> ValueSerializer { get; set; }

    public Partition Partition { get; set; } = Partition.Any;
}
