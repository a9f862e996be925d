using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaProducerRegistration<TKey, TValue>(
    string topic,
    ProducerConfig config,
    Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, TValue>>? configure
) : IKafkaProducerRegistration
    where TValue : class
{
    public Type Type => typeof(KafkaProducerRegistration<TKey, TValue>);

    // Producers are no receive endpoints.
    public bool IncludeInConfigureEndpoints { get; set; }

    public void Register(KafkaFactoryConfigurator configurator, IRiderRegistrationContext context) =>
        configurator.Producer(new KafkaProducerConfigurator<TKey, TValue>(topic, config, producer => configure?.Invoke(context, producer)));
}
