using Confluent.Kafka;
using MassTransit.Kafka.Extensions;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>How a topic endpoint consumes.</summary>
internal sealed class TopicEndpointSettings
{
    public required string Topic { get; init; }
    public required ConsumerConfig Consumer { get; init; }

    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(1);
    public int MessageLimit { get; set; } = 10_000;
    public int Consumers { get; set; } = 1;
    public int KeyBuckets { get; set; } = 1;
    public int WorkersPerKey { get; set; } = 1;
    public int Prefetch { get; set; } = 1_000;

    /// <summary>Null when records are delivered one by one.</summary>
    public int? BatchSize { get; set; }

    public Offset StartOffset { get; set; } = Offset.Unset;
    public FailurePolicy FailurePolicy { get; set; }
    public string? ErrorTopic { get; set; }
    public TimeSpan FirstHold { get; set; } = TimeSpan.FromMilliseconds(200);
    public TimeSpan LongestHold { get; set; } = TimeSpan.FromSeconds(15);
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);
    public IPartitionObserver? Observer { get; set; }
    public KafkaTopicOptions? CreateTopic { get; set; }
    public Action<CommittedOffsets>? OffsetsCommitted { get; set; }
    public Action<string>? Statistics { get; set; }

    public string GroupId => Consumer.GroupId;

    public string Name => $"{Topic}/{GroupId}";

    /// <summary>Records of a partition in hand at most, before it is paused.</summary>
    public int LaneCapacity => Math.Clamp(Math.Max(Prefetch, 2 * (BatchSize ?? 1)), 1, Math.Max(1, MessageLimit));

    public bool StartsElsewhere => Observer is not null || StartOffset != Offset.Unset;
}
