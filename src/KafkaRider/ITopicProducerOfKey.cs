namespace MassTransit;

/// <summary>Produces messages with a key to one topic. Completes when Kafka, or the configured outbox, has the record.</summary>
public interface ITopicProducer<TKey, TValue> : ISendObserverConnector
    where TValue : class
{
    /// <summary>Produces a message.</summary>
    Task Produce(TKey key, TValue value, CancellationToken cancellationToken = default);

    /// <summary>Produces a message; the pipe sees and may change the send context, its payloads included.</summary>
    Task Produce(TKey key, TValue value, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default);

    /// <summary>Produces a message made from the properties of <paramref name="values"/>.</summary>
    Task Produce(TKey key, object values, CancellationToken cancellationToken = default);

    /// <summary>Produces a message made from the properties of <paramref name="values"/>.</summary>
    Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default);
}
