namespace MassTransit.Kafka.Extensions;

/// <summary>Batches and tombstones on the producers users inject.</summary>
public static class TopicProducerExtensions
{
    /// <summary>Produces many messages with one await; see <see cref="IBatchTopicProducer{TKey, TValue}"/>.</summary>
    public static Task<IReadOnlyList<ProduceResult>> ProduceBatch<TKey, TValue>(
        this ITopicProducer<TKey, TValue> producer,
        IReadOnlyList<KeyValuePair<TKey, TValue>> items,
        CancellationToken cancellationToken = default
    )
        where TValue : class => Beyond(producer).ProduceBatch(items, cancellationToken);

    /// <summary>Produces a tombstone; see <see cref="IBatchTopicProducer{TKey, TValue}"/>.</summary>
    public static Task ProduceTombstone<TKey, TValue>(
        this ITopicProducer<TKey, TValue> producer,
        TKey key,
        CancellationToken cancellationToken = default
    )
        where TValue : class => Beyond(producer).ProduceTombstone(key, cancellationToken);

    private static IBatchTopicProducer<TKey, TValue> Beyond<TKey, TValue>(ITopicProducer<TKey, TValue> producer)
        where TValue : class =>
        producer as IBatchTopicProducer<TKey, TValue>
        ?? throw new NotSupportedException($"{producer?.GetType().Name ?? "null"} is not a producer of this rider.");
}
