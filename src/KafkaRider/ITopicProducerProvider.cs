namespace MassTransit;

/// <summary>Finds or makes producers by address.</summary>
public interface ITopicProducerProvider
{
    /// <summary>
    /// The producer of a topic, by <c>topic:name</c> or a full address. The topic need not be registered; then the defaults apply. Several
    /// types of keys and values may share a topic; each pair has a producer of its own.
    /// </summary>
    ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class;
}
