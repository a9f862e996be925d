using MassTransit.DependencyInjection;
using MassTransit.Kafka.Extensions;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>
/// What users inject. Inside a consumer it carries the consumed message's conversation on and honours its outbox. The rider is looked
/// up at the first call, so it can be injected before the bus has started.
/// </summary>
internal sealed class ScopedTopicProducer<TKey, TValue>(
    Func<TopicProducer<TKey, TValue>> producer,
    IServiceProvider? services,
    IScopedConsumeContextProvider? consumeContext
) : ITopicProducer<TKey, TValue>, IBatchTopicProducer<TKey, TValue>
    where TValue : class
{
    private TopicProducer<TKey, TValue>? _producer;

    private TopicProducer<TKey, TValue> Producer => _producer ??= producer();

    // Asked at each call: the context is pushed after the constructor of what injects the producer ran.
    private ProduceScope Scope => new(services, consumeContext is { HasContext: true } ? consumeContext.GetContext() : null);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => Producer.ConnectSendObserver(observer);

    public Task Produce(TKey key, TValue value, CancellationToken cancellationToken) =>
        Producer.ProduceAsync(key, value, null, Scope, cancellationToken);

    public Task Produce(TKey key, TValue value, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken) =>
        Producer.ProduceAsync(key, value, pipe, Scope, cancellationToken);

    public Task Produce(TKey key, object values, CancellationToken cancellationToken) =>
        Producer.ProduceAsync(key, values, null, Scope, cancellationToken);

    public Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken) =>
        Producer.ProduceAsync(key, values, pipe, Scope, cancellationToken);

    public Task<IReadOnlyList<ProduceResult>> ProduceBatch(
        IReadOnlyList<KeyValuePair<TKey, TValue>> items,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(items);
        return Producer.ProduceBatchAsync(items, Scope, cancellationToken);
    }

    public Task ProduceTombstone(TKey key, CancellationToken cancellationToken) =>
        Producer.ProduceTombstoneAsync(key, Scope, cancellationToken);
}
