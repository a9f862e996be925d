using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

// The settings that go straight onto the client's configuration.
internal sealed partial class KafkaFactoryConfigurator
{
    public Acks? Acks
    {
        set => _client.Acks = value;
    }

    public string? ClientId
    {
        set => _client.ClientId = value;
    }

    public int? MessageMaxBytes
    {
        set => _client.MessageMaxBytes = value;
    }

    public int? MessageCopyMaxBytes
    {
        set => _client.MessageCopyMaxBytes = value;
    }

    public int? ReceiveMessageMaxBytes
    {
        set => _client.ReceiveMessageMaxBytes = value;
    }

    public int? MaxInFlight
    {
        set => _client.MaxInFlight = value;
    }

    public TimeSpan? TopicMetadataRefreshInterval
    {
        set => _client.TopicMetadataRefreshIntervalMs = value.ToMilliseconds();
    }

    public TimeSpan? MetadataMaxAge
    {
        set => _client.MetadataMaxAgeMs = value.ToMilliseconds();
    }

    public TimeSpan? TopicMetadataRefreshFastInterval
    {
        set => _client.TopicMetadataRefreshFastIntervalMs = value.ToMilliseconds();
    }

    public bool? TopicMetadataRefreshSparse
    {
        set => _client.TopicMetadataRefreshSparse = value;
    }

    public string? TopicBlacklist
    {
        set => _client.TopicBlacklist = value;
    }

    public string? Debug
    {
        set => _client.Debug = value;
    }

    public TimeSpan? BrokerAddressTtl
    {
        set => _client.BrokerAddressTtl = value.ToMilliseconds();
    }

    public BrokerAddressFamily? BrokerAddressFamily
    {
        set => _client.BrokerAddressFamily = value;
    }

    public TimeSpan? ReconnectBackoff
    {
        set => _client.ReconnectBackoffMs = value.ToMilliseconds();
    }

    public TimeSpan? ReconnectBackoffMax
    {
        set => _client.ReconnectBackoffMaxMs = value.ToMilliseconds();
    }

    public TimeSpan? StatisticsInterval
    {
        set => _client.StatisticsIntervalMs = value.ToMilliseconds();
    }

    public bool? LogQueue
    {
        set => _client.LogQueue = value;
    }

    public bool? LogThreadName
    {
        set => _client.LogThreadName = value;
    }

    public bool? LogConnectionClose
    {
        set => _client.LogConnectionClose = value;
    }

    public int? InternalTerminationSignal
    {
        set => _client.InternalTerminationSignal = value;
    }

    public SecurityProtocol? SecurityProtocol
    {
        set => _client.SecurityProtocol = value;
    }

    public string? PluginLibraryPaths
    {
        set => _client.PluginLibraryPaths = value;
    }

    public string? ClientRack
    {
        set => _client.ClientRack = value;
    }
}
