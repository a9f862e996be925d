using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The lanes of this process, for the gauges.</summary>
internal static class LaneRegistry
{
    private static readonly ConcurrentDictionary<PartitionLane, TopicEndpointSettings> Lanes = new();

    public static void Add(PartitionLane lane, TopicEndpointSettings settings) => Lanes[lane] = settings;

    public static void Remove(PartitionLane lane) => Lanes.TryRemove(lane, out _);

    public static IEnumerable<Measurement<long>> Lags() =>
        Lanes
            .Where(item => item.Key is { HighWatermark: >= 0, Position: not null })
            .Select(item => Measure(item.Key, item.Value, Math.Max(0, item.Key.HighWatermark - item.Key.Position!.Value)));

    public static IEnumerable<Measurement<long>> Paused() => Lanes.Select(item => Measure(item.Key, item.Value, item.Key.IsPaused ? 1 : 0));

    private static Measurement<long> Measure(PartitionLane lane, TopicEndpointSettings settings, long value) =>
        new(value, RiderMetrics.Tags(settings, lane.Partition.Topic, lane.Partition.Partition.Value));
}
