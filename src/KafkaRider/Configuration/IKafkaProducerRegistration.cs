using MassTransit.Configuration;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>A producer registered with the rider.</summary>
internal interface IKafkaProducerRegistration : IRegistration
{
    void Register(KafkaFactoryConfigurator configurator, IRiderRegistrationContext context);
}
