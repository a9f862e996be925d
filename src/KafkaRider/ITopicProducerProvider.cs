namespace MassTransit;

/// <summary>Finds or makes producers by address.</summary>
public interface ITopicProducerProvider
{
    /// <summary>
    /// The producer of a topic, by <c>topic:name</c> or a full address. The topic need not be registered; then the defaults apply.
    /// </summary>
    /// <exception cref="ConfigurationException">The topic has a producer of other types.</exception>
    ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class;
}
