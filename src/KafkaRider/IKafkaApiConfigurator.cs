namespace MassTransit;

/// <summary>Configures how API versions are found out.</summary>
public interface IKafkaApiConfigurator
{
    /// <summary>Ask the brokers which versions they speak. Default: true.</summary>
    bool? Request { set; }

    /// <summary>Time-out of that question. Default: 10 s.</summary>
    TimeSpan? RequestTimeout { set; }

    /// <summary>How long the fallback version is used after the question failed. Default: 0.</summary>
    TimeSpan? FallbackTimeout { set; }

    /// <summary>Version assumed when the question failed.</summary>
    string? BrokerVersionFallback { set; }
}
