using Confluent.Kafka;
using MassTransit.Kafka.Extensions;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit;

/// <summary>Configures a topic endpoint.</summary>
public interface IKafkaTopicReceiveEndpointConfigurator : IReceiveEndpointConfigurator
{
    /// <summary>Where to begin when the group has no offset. Default: latest.</summary>
    AutoOffsetReset? AutoOffsetReset { set; }

    /// <summary>Static membership; with several consumers each gets its number, from 01, appended. Default: none.</summary>
    string? GroupInstanceId { set; }

    /// <summary>How the group shares partitions. Default: range, roundrobin; CooperativeSticky works too.</summary>
    PartitionAssignmentStrategy? PartitionAssignmentStrategy { set; }

    /// <summary>After how long without heartbeat a member is expelled. Default: 45 s.</summary>
    TimeSpan? SessionTimeout { set; }

    /// <summary>Time between heartbeats. Default: 3 s.</summary>
    TimeSpan? HeartbeatInterval { set; }

    /// <summary>Group protocol type. Default: consumer.</summary>
    string? GroupProtocolType { set; }

    /// <summary>Group protocol; Consumer is KIP-848. Default: Classic.</summary>
    GroupProtocol? GroupProtocol { set; }

    /// <summary>How often the coordinator is asked for. Default: 10 minutes.</summary>
    TimeSpan? CoordinatorQueryInterval { set; }

    /// <summary>Longest time between polls. Handlers do not count against it: the poll thread goes on while they run. Default: 5 minutes.</summary>
    TimeSpan? MaxPollInterval { set; }

    /// <summary>Accepted for compatibility; the rider always stores offsets itself, after handling.</summary>
    bool? EnableAutoOffsetStore { set; }

    /// <summary>Records per partition the client tries to hold ready. Default: 100,000.</summary>
    int? QueuedMinMessages { set; }

    /// <summary>Kilobytes per partition the client holds ready at most. Default: 65,536.</summary>
    int? QueuedMaxMessagesKbytes { set; }

    /// <summary>Tell when a partition's end is reached. Default: on when a partition observer is set, otherwise off.</summary>
    bool? EnablePartitionEof { set; }

    /// <summary>Verify the records' checksums. Default: false.</summary>
    bool? CheckCrcs { set; }

    /// <summary>Longest time a handled offset waits for its commit, whatever the backlog. Default: 1 minute; at most 5 s are used.</summary>
    TimeSpan CheckpointInterval { set; }

    /// <summary>Accepted for compatibility: handled offsets are committed together and by time, see <see cref="CheckpointInterval"/>. Default: 5,000.</summary>
    ushort CheckpointMessageCount { set; }

    /// <summary>Records of one partition that may be in hand, handled out of order or waiting. Default: 10,000.</summary>
    ushort MessageLimit { set; }

    /// <summary>Members of the group in this endpoint, each with a poll thread of its own. Default: 1.</summary>
    ushort ConcurrentConsumerLimit { set; }

    /// <summary>Workers per key bucket of a partition; more than one gives up the order within a key. Default: 1.</summary>
    int ConcurrentDeliveryLimit { set; }

    /// <summary>The offset every partition starts from, once per start of the endpoint and partition. Default: the committed one.</summary>
    long Offset { set; }

    /// <summary>Configures fetching.</summary>
    void ConfigureFetch(Action<IKafkaFetchConfigurator> configure);

    /// <summary>Which records of transactions are read. Default: ReadCommitted.</summary>
    void UseIsolationLevel(IsolationLevel isolationLevel);

    /// <summary>Sets how headers are read.</summary>
    void SetHeadersDeserializer(IHeadersDeserializer deserializer);

    /// <summary>Called on the poll thread after offsets were committed.</summary>
    void SetOffsetsCommittedHandler(Action<CommittedOffsets> handler);

    /// <summary>Called on the poll thread with the native client's statistics (JSON).</summary>
    void SetStatisticsHandler(Action<string> handler);

    /// <summary>Creates the topic at each start of the endpoint when it is missing.</summary>
    void CreateIfMissing(Action<KafkaTopicOptions>? configure = null);

    /// <summary>
    /// What becomes of a message that could not be handled. Default: <see cref="Kafka.Extensions.FailurePolicy.Discard"/>, as the official rider does.
    /// </summary>
    FailurePolicy FailurePolicy { set; }

    /// <summary>
    /// The topic for <see cref="Kafka.Extensions.FailurePolicy.ErrorTopic"/>. Default: <c>{topic}.{group}.error</c>, with the topic the record was read from.
    /// </summary>
    string? ErrorTopicName { set; }

    /// <summary>First and longest wait of <see cref="Kafka.Extensions.FailurePolicy.HoldPartition"/> between two tries; it doubles, with jitter. Default: 0.2 s and 15 s.</summary>
    void HoldBackoff(TimeSpan first, TimeSpan longest);

    /// <summary>
    /// Delivers what one poll returned for one partition, at most <paramref name="maxRecords"/> records, as one
    /// <see cref="PartitionBatch{T}"/> through the consume pipe. A key has no meaning for such a message. Default when called: 500.
    /// </summary>
    void DeliverBatches(int maxRecords = 500);

    /// <summary>Follows the endpoint's partitions and says where each is read from.</summary>
    void SetPartitionObserver(IPartitionObserver observer);

    /// <summary>How long a revoked partition, and a stop, wait for handlers in flight before they are cancelled. Default: 10 s.</summary>
    TimeSpan DrainTimeout { set; }
}
