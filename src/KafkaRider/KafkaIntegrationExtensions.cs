using Confluent.Kafka;
using MassTransit.DependencyInjection;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit;

/// <summary>Adds Kafka to a bus.</summary>
public static class KafkaIntegrationExtensions
{
    /// <summary>Uses Kafka with the <see cref="ClientConfig"/> of the container, or an empty one.</summary>
    public static void UsingKafka(
        this IRiderRegistrationConfigurator configurator,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    ) => Use<IBus>(configurator, null, configure);

    /// <summary>Uses Kafka with the given client settings, which are copied.</summary>
    public static void UsingKafka(
        this IRiderRegistrationConfigurator configurator,
        ClientConfig clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
    {
        ArgumentNullException.ThrowIfNull(clientConfig);
        Use<IBus>(configurator, clientConfig, configure);
    }

    /// <summary>Uses Kafka on one bus among several with the <see cref="ClientConfig"/> of the container, or an empty one.</summary>
    public static void UsingKafka<TBus>(
        this IRiderRegistrationConfigurator<TBus> configurator,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
        where TBus : class, IBus => Use<TBus>(configurator, null, configure);

    /// <summary>Uses Kafka on one bus among several with the given client settings, which are copied.</summary>
    public static void UsingKafka<TBus>(
        this IRiderRegistrationConfigurator<TBus> configurator,
        ClientConfig clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
        where TBus : class, IBus
    {
        ArgumentNullException.ThrowIfNull(clientConfig);
        Use<TBus>(configurator, clientConfig, configure);
    }

    private static void Use<TBus>(
        IRiderRegistrationConfigurator configurator,
        ClientConfig? clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
        where TBus : class, IBus
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(configure);
        configurator.SetRiderFactory(new KafkaRegistrationRiderFactory<TBus>(clientConfig, configure));
        configurator.TryAddSingleton<RiderSlot<TBus>>();
        if (typeof(TBus) == typeof(IBus))
            configurator.TryAddScoped<ITopicProducerProvider>(services => ScopedProducers.Provider<TBus>(services));
        else
            configurator.TryAddScoped(services => Bind<TBus>.Create<ITopicProducerProvider>(ScopedProducers.Provider<TBus>(services)));
    }
}
