using Confluent.Kafka;
using MassTransit.KafkaIntegration;
using MassTransit.KafkaIntegration.Producing;

namespace MassTransit;

/// <summary>Short forms of <see cref="ITopicProducerProvider"/>.</summary>
public static class TopicProducerProviderExtensions
{
    /// <summary>A producer of records without a key.</summary>
    public static ITopicProducer<TValue> GetProducer<TValue>(this ITopicProducerProvider provider, Uri address)
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(provider);
        return new KeyedTopicProducer<Null, TValue>(provider.GetProducer<Null, TValue>(address), _ => null!);
    }

    /// <summary>A producer whose keys are computed.</summary>
    public static ITopicProducer<TValue> GetProducer<TKey, TValue>(
        this ITopicProducerProvider provider,
        Uri address,
        KafkaKeyResolver<TKey, TValue> keyResolver
    )
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(keyResolver);
        return new KeyedTopicProducer<TKey, TValue>(provider.GetProducer<TKey, TValue>(address), keyResolver);
    }
}
