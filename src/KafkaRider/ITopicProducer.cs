namespace MassTransit;

/// <summary>Produces messages to one topic: without a key, or with the key its registration computes.</summary>
public interface ITopicProducer<TValue> : ISendObserverConnector
    where TValue : class
{
    /// <summary>Produces a message.</summary>
    Task Produce(TValue message, CancellationToken cancellationToken = default);

    /// <summary>Produces a message; the pipe sees and may change the send context, its payloads included.</summary>
    Task Produce(TValue message, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken = default);

    /// <summary>Produces a message made from the properties of <paramref name="values"/>.</summary>
    Task Produce(object values, CancellationToken cancellationToken = default);

    /// <summary>Produces a message made from the properties of <paramref name="values"/>.</summary>
    Task Produce(object values, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken = default);
}
