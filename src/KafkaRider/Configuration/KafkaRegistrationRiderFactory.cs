using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>Runs the user's configuration when the bus is built.</summary>
internal sealed class KafkaRegistrationRiderFactory<TBus>(
    ClientConfig? clientConfig,
    Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
) : IRegistrationRiderFactory<IKafkaRider>
    where TBus : class, IBus
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context)
    {
        var client = clientConfig ?? context.GetService<ClientConfig>() ?? new ClientConfig();
        var configurator = new KafkaFactoryConfigurator(client, context.GetRequiredService<RiderSlot<TBus>>()) { Registration = context };
        configure(context, configurator);
        foreach (var registration in context.GetRegistrations<IKafkaProducerRegistration>())
            registration.Register(configurator, context);
        var failures = configurator.Validate().Where(result => result.Disposition == ValidationResultDisposition.Failure).ToList();
        if (failures.Count > 0)
            throw new ConfigurationException(failures, "The Kafka rider is not configured properly:");
        return configurator;
    }
}
