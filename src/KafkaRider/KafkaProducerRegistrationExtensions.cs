using Confluent.Kafka;
using MassTransit.KafkaIntegration;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Producing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit;

/// <summary>Registers producers.</summary>
public static class KafkaProducerRegistrationExtensions
{
    /// <summary>Adds a producer of records without a key: <see cref="ITopicProducer{TValue}"/>.</summary>
    public static void AddProducer<T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<Null, T>>? configure = null
    )
        where T : class => configurator.AddProducer(topicName, new ProducerConfig(), configure);

    /// <summary>Adds a producer of records without a key with the given settings, which are copied.</summary>
    public static void AddProducer<T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<Null, T>>? configure = null
    )
        where T : class => configurator.AddProducer<Null, T>(topicName, producerConfig, _ => null!, configure);

    /// <summary>Adds a producer of records with a key: <see cref="ITopicProducer{TKey, TValue}"/>.</summary>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null
    )
        where T : class => configurator.AddProducer(topicName, new ProducerConfig(), configure);

    /// <summary>Adds a producer of records with a key with the given settings, which are copied.</summary>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null
    )
        where T : class => Add(configurator, topicName, producerConfig, null, configure);

    /// <summary>Adds a producer whose keys are computed: <see cref="ITopicProducer{TKey, TValue}"/> and <see cref="ITopicProducer{TValue}"/>.</summary>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        KafkaKeyResolver<TKey, T> keyResolver,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null
    )
        where T : class => configurator.AddProducer(topicName, new ProducerConfig(), keyResolver, configure);

    /// <summary>Adds a producer whose keys are computed with the given settings, which are copied.</summary>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        KafkaKeyResolver<TKey, T> keyResolver,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(keyResolver);
        Add(configurator, topicName, producerConfig, keyResolver, configure);
    }

    private static void Add<TKey, T>(
        IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        KafkaKeyResolver<TKey, T>? keyResolver,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentException.ThrowIfNullOrWhiteSpace(topicName);
        ArgumentNullException.ThrowIfNull(producerConfig);

        var registration = new KafkaProducerRegistration<TKey, T>(topicName, producerConfig, configure);
        // Asked for under a type it does not have, so that every producer is added.
        configurator.Registrar.GetOrAddRegistration<IKafkaProducerRegistration>(typeof(IKafkaProducerRegistration), _ => registration);

        var create = CreateFor<TKey, T>(configurator, topicName);
        configurator.TryAddScoped(create);
        if (keyResolver is not null)
            configurator.TryAddScoped<ITopicProducer<T>>(services => new KeyedTopicProducer<TKey, T>(create(services), keyResolver));
    }

    // The bus is known from the configurator's own type only.
    private static Func<IServiceProvider, ITopicProducer<TKey, T>> CreateFor<TKey, T>(
        IRiderRegistrationConfigurator configurator,
        string topic
    )
        where T : class
    {
        var bus = configurator
            .GetType()
            .GetInterfaces()
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IRiderRegistrationConfigurator<>))
            ?.GetGenericArguments()[0];
        if (bus is null)
            return services => ScopedProducers.Create<IBus, TKey, T>(services, topic);
        var create = typeof(ScopedProducers).GetMethod(nameof(ScopedProducers.Create))!.MakeGenericMethod(bus, typeof(TKey), typeof(T));
        return services => (ITopicProducer<TKey, T>)create.Invoke(null, [services, topic])!;
    }
}
