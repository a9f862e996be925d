using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaApiConfigurator(ClientConfig config) : IKafkaApiConfigurator
{
    public bool? Request
    {
        set => config.ApiVersionRequest = value;
    }

    public TimeSpan? RequestTimeout
    {
        set => config.ApiVersionRequestTimeoutMs = value.ToMilliseconds();
    }

    public TimeSpan? FallbackTimeout
    {
        set => config.ApiVersionFallbackMs = value.ToMilliseconds();
    }

    public string? BrokerVersionFallback
    {
        set => config.BrokerVersionFallback = value;
    }
}
