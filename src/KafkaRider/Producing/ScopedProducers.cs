using MassTransit.DependencyInjection;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>Makes producers for a service scope.</summary>
internal static class ScopedProducers
{
    public static ITopicProducer<TKey, TValue> Create<TBus, TKey, TValue>(IServiceProvider services, string topic)
        where TBus : class, IBus
        where TValue : class =>
        new ScopedTopicProducer<TKey, TValue>(
            () => Rider<TBus>(services).FindProducer<TKey, TValue>(topic),
            services,
            Context<TBus>(services)
        );

    public static ITopicProducerProvider Provider<TBus>(IServiceProvider services)
        where TBus : class, IBus => new ScopedProducerProvider<TBus>(services);

    public static KafkaRider Rider<TBus>(IServiceProvider services)
        where TBus : class, IBus
    {
        // The bus is built when its instance is first asked for, and the rider with it.
        if (typeof(TBus) == typeof(IBus))
            _ = services.GetRequiredService<Bind<IBus, IBusInstance>>();
        else
            _ = services.GetRequiredService<IBusInstance<TBus>>();
        return services.GetRequiredService<RiderSlot<TBus>>().Rider;
    }

    public static IScopedConsumeContextProvider? Context<TBus>(IServiceProvider services)
        where TBus : class, IBus =>
        services.GetService<Bind<TBus, IKafkaRider, IScopedConsumeContextProvider>>() is { Value.HasContext: true } bound
            ? bound.Value
            : services.GetService<IScopedConsumeContextProvider>();

    private sealed class ScopedProducerProvider<TBus>(IServiceProvider services) : ITopicProducerProvider
        where TBus : class, IBus
    {
        public ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
            where TValue : class =>
            new ScopedTopicProducer<TKey, TValue>(
                () => Rider<TBus>(services).FindProducer<TKey, TValue>(address),
                services,
                Context<TBus>(services)
            );
    }
}
