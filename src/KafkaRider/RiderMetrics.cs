using System.Diagnostics.Metrics;
using Confluent.Kafka;
using MassTransit.KafkaIntegration.Consuming;

namespace MassTransit.KafkaIntegration;

/// <summary>
/// The meter <c>MassTransit.Kafka</c>. All instruments carry <c>messaging.consumer.group.name</c>, <c>messaging.destination.name</c>
/// and <c>messaging.destination.partition.id</c> unless said otherwise.
/// </summary>
internal static class RiderMetrics
{
    public const string MeterName = "MassTransit.Kafka";

    private static readonly Meter Meter = new(MeterName);
    private static readonly UpDownCounter<long> InFlightRecords = Meter.CreateUpDownCounter<long>(
        "masstransit.kafka.in_flight",
        "{record}",
        "Records in their handlers"
    );
    private static readonly Counter<long> Rebalances = Meter.CreateCounter<long>(
        "masstransit.kafka.rebalances",
        "{event}",
        "Partitions assigned, revoked or lost (tag event)"
    );
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "masstransit.kafka.failures",
        "{failure}",
        "Tries to handle a message or batch that failed"
    );
    private static readonly Counter<long> DiscardedRecords = Meter.CreateCounter<long>(
        "masstransit.kafka.discarded",
        "{record}",
        "Records discarded after they failed"
    );
    private static readonly Counter<long> MovedRecords = Meter.CreateCounter<long>(
        "masstransit.kafka.moved",
        "{record}",
        "Records moved to the error topic"
    );
    private static readonly Counter<long> SkippedRecords = Meter.CreateCounter<long>(
        "masstransit.kafka.skipped",
        "{record}",
        "Records without a value or without a consumer for their type"
    );
    private static readonly Histogram<int> BatchSizes = Meter.CreateHistogram<int>(
        "masstransit.kafka.batch.size",
        "{record}",
        "Records in a delivered batch"
    );

    static RiderMetrics()
    {
        Meter.CreateObservableGauge(
            "masstransit.kafka.lag",
            LaneRegistry.Lags,
            "{record}",
            "Records between the last handled one and the partition's end"
        );
        Meter.CreateObservableGauge(
            "masstransit.kafka.paused",
            LaneRegistry.Paused,
            "{partition}",
            "1 while the partition is paused, otherwise 0"
        );
    }

    public static void InFlight(TopicEndpointSettings settings, TopicPartition partition, int change)
    {
        if (InFlightRecords.Enabled)
            InFlightRecords.Add(change, Tags(settings, partition.Topic, partition.Partition.Value));
    }

    public static void Rebalanced(TopicEndpointSettings settings, TopicPartition partition, string @event)
    {
        if (Rebalances.Enabled)
            Rebalances.Add(1, [.. Tags(settings, partition.Topic, partition.Partition.Value), new("event", @event)]);
    }

    public static void Failed(TopicEndpointSettings settings, TopicPartition partition)
    {
        if (Failures.Enabled)
            Failures.Add(1, Tags(settings, partition.Topic, partition.Partition.Value));
    }

    public static void Discarded(TopicEndpointSettings settings, TopicPartition partition)
    {
        if (DiscardedRecords.Enabled)
            DiscardedRecords.Add(1, Tags(settings, partition.Topic, partition.Partition.Value));
    }

    public static void Moved(TopicEndpointSettings settings, TopicPartition partition)
    {
        if (MovedRecords.Enabled)
            MovedRecords.Add(1, Tags(settings, partition.Topic, partition.Partition.Value));
    }

    public static void Skipped(TopicEndpointSettings settings, TopicPartition partition, int count) =>
        Skipped(settings, partition.Topic, partition.Partition.Value, count);

    public static void Skipped(TopicEndpointSettings settings, string topic, int partition, int count)
    {
        if (SkippedRecords.Enabled)
            SkippedRecords.Add(count, Tags(settings, topic, partition));
    }

    public static void Batch(TopicEndpointSettings settings, TopicPartition partition, int count)
    {
        if (BatchSizes.Enabled)
            BatchSizes.Record(count, Tags(settings, partition.Topic, partition.Partition.Value));
    }

    public static KeyValuePair<string, object?>[] Tags(TopicEndpointSettings settings, string topic, int partition) =>
        [
            new("messaging.consumer.group.name", settings.GroupId),
            new("messaging.destination.name", topic),
            new("messaging.destination.partition.id", partition),
        ];
}
