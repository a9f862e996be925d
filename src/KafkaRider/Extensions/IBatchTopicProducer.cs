namespace MassTransit.Kafka.Extensions;

/// <summary>What a topic's producer can do beyond the official rider. Every <see cref="ITopicProducer{TKey, TValue}"/> of this rider implements it.</summary>
public interface IBatchTopicProducer<TKey, TValue>
    where TValue : class
{
    /// <summary>Produces many messages with one await. The results stand in the order of the items; a failed item does not hold up the others.</summary>
    Task<IReadOnlyList<ProduceResult>> ProduceBatch(
        IReadOnlyList<KeyValuePair<TKey, TValue>> items,
        CancellationToken cancellationToken = default
    );

    /// <summary>Produces a record with a key and no value, which removes the key from a compacted topic. Send filters of messages do not run.</summary>
    Task ProduceTombstone(TKey key, CancellationToken cancellationToken = default);
}
