using Confluent.Kafka;
using MassTransit.Kafka.Extensions;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit.KafkaIntegration.Producing;

internal sealed class TopicProducerSettings<TKey, TValue>
{
    private readonly Func<ITopicOutbox?> _outbox;

    public TopicProducerSettings(Func<ITopicOutbox?> outbox) => _outbox = outbox;

    public required string Topic { get; init; }
    public required IAsyncSerializer<TKey> KeySerializer { get; init; }
    public required IAsyncSerializer<TValue> ValueSerializer { get; init; }
    public required IHeadersSerializer HeadersSerializer { get; init; }
    public required NativeProducer Native { get; init; }

    /// <summary>Null when records go straight to Kafka.</summary>
    public ITopicOutbox? Outbox => _outbox();
}
