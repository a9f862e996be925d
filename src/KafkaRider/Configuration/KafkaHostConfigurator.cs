using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaHostConfigurator(ClientConfig config) : IKafkaHostConfigurator
{
    public void UseSsl(Action<IKafkaSslConfigurator>? configure)
    {
        config.SecurityProtocol = config.SecurityProtocol switch
        {
            SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl => SecurityProtocol.SaslSsl,
            _ => SecurityProtocol.Ssl,
        };
        configure?.Invoke(new KafkaSslConfigurator(config));
    }

    public void UseSasl(Action<IKafkaSaslConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        config.SecurityProtocol = config.SecurityProtocol switch
        {
            SecurityProtocol.Ssl or SecurityProtocol.SaslSsl => SecurityProtocol.SaslSsl,
            _ => SecurityProtocol.SaslPlaintext,
        };
        configure(new KafkaSaslConfigurator(config));
    }

    public void CancellationDelay(TimeSpan delay) => config.CancellationDelayMaxMs = delay.ToMilliseconds();
}
