using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

// The settings that go straight onto the consumer's configuration.
internal sealed partial class TopicEndpointConfiguration<TKey, TValue>
{
    public AutoOffsetReset? AutoOffsetReset
    {
        set => _settings.Consumer.AutoOffsetReset = value;
    }

    public string? GroupInstanceId
    {
        set => _settings.Consumer.GroupInstanceId = value;
    }

    public PartitionAssignmentStrategy? PartitionAssignmentStrategy
    {
        set => _settings.Consumer.PartitionAssignmentStrategy = value;
    }

    public TimeSpan? SessionTimeout
    {
        set => _settings.Consumer.SessionTimeoutMs = value.ToMilliseconds();
    }

    public TimeSpan? HeartbeatInterval
    {
        set => _settings.Consumer.HeartbeatIntervalMs = value.ToMilliseconds();
    }

    public string? GroupProtocolType
    {
        set => _settings.Consumer.GroupProtocolType = value;
    }

    public GroupProtocol? GroupProtocol
    {
        set => _settings.Consumer.GroupProtocol = value;
    }

    public TimeSpan? CoordinatorQueryInterval
    {
        set => _settings.Consumer.CoordinatorQueryIntervalMs = value.ToMilliseconds();
    }

    public TimeSpan? MaxPollInterval
    {
        set => _settings.Consumer.MaxPollIntervalMs = value.ToMilliseconds();
    }

    public bool? EnableAutoOffsetStore
    {
        set => _settings.Consumer.EnableAutoOffsetStore = value;
    }

    public int? QueuedMinMessages
    {
        set => _settings.Consumer.QueuedMinMessages = value;
    }

    public int? QueuedMaxMessagesKbytes
    {
        set => _settings.Consumer.QueuedMaxMessagesKbytes = value;
    }

    public bool? EnablePartitionEof
    {
        set => _settings.Consumer.EnablePartitionEof = value;
    }

    public bool? CheckCrcs
    {
        set => _settings.Consumer.CheckCrcs = value;
    }
}
