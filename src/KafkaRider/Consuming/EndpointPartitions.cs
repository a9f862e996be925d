using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What the consumers of one endpoint must know of each other's partitions: a partition may move from one to the other.</summary>
internal sealed class EndpointPartitions(TopicEndpointSettings settings, ILogger logger)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<TopicPartition, Task> _releases = new();
    private readonly ConcurrentDictionary<TopicPartition, bool> _startedElsewhere = new();

    /// <summary>Completes when nothing of the partition's former lane is in hand and the observer knows.</summary>
    public Task FormerOf(TopicPartition partition) => _releases.TryGetValue(partition, out var release) ? release : Task.CompletedTask;

    /// <summary>Closes a lane; the task completes when it is drained and the observer was told.</summary>
    public Task Release(PartitionLane lane, bool cancel)
    {
        lane.Close(cancel);
        LaneRegistry.Remove(lane);
        return _releases[lane.Partition] = ReleaseAsync(lane, FormerOf(lane.Partition));
    }

    /// <summary>Where the lane begins; null for the committed offset. Does not come back before the former lane is released.</summary>
    /// <exception cref="OperationCanceledException">The partition was taken away meanwhile.</exception>
    public async Task<long?> StartOfAsync(PartitionLane lane)
    {
        await FormerOf(lane.Partition).WaitAsync(lane.ClosingToken).ConfigureAwait(false);
        if (settings.Observer is null)
            return settings.StartOffset != Offset.Unset && _startedElsewhere.TryAdd(lane.Partition, true)
                ? settings.StartOffset.Value
                : null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await settings
                    .Observer.AssignedAsync(lane.Partition.Topic, lane.Partition.Partition.Value, lane.ClosingToken)
                    .ConfigureAwait(false);
            }
            catch (Exception exception) when (!lane.ClosingToken.IsCancellationRequested)
            {
                if (attempt == 1)
                    logger.StartOffsetUnknown(exception, settings.Name, lane.Partition.Topic, lane.Partition.Partition.Value);
            }
            await Task.Delay(Backoff.Delay(attempt, FirstWait, LongestWait), lane.ClosingToken).ConfigureAwait(false);
        }
    }

    private async Task ReleaseAsync(PartitionLane lane, Task former)
    {
        await former.ConfigureAwait(false);
        await lane.Drained.ConfigureAwait(false);
        if (settings.Observer is not { } observer)
            return;
        try
        {
            // Off the poll thread, which may be the one that closed the lane.
            await Task.Yield();
            await observer.ReleasedAsync(lane.Partition.Topic, lane.Partition.Partition.Value).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.ObserverFailed(exception, settings.Name, "the release", lane.Partition.Topic, lane.Partition.Partition.Value);
        }
    }
}
