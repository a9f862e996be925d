namespace MassTransit;

/// <summary>Configures the connection to the cluster.</summary>
public interface IKafkaHostConfigurator
{
    /// <summary>Encrypts the connection.</summary>
    void UseSsl(Action<IKafkaSslConfigurator>? configure = null);

    /// <summary>Authenticates with SASL.</summary>
    void UseSasl(Action<IKafkaSaslConfigurator> configure);

    /// <summary>Longest time a blocking native call waits before it looks at its cancellation. Default: 100 ms.</summary>
    void CancellationDelay(TimeSpan delay);
}
