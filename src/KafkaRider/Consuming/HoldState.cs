using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A message that is tried again until it succeeds. Says so when it begins and when it ends, not in between.</summary>
internal sealed class HoldState(TopicEndpointSettings settings, PartitionLane lane, long offset, EndpointHealth health, ILogger logger)
{
    private int _attempts;

    /// <summary>Waits before the next try; false when the partition was taken away meanwhile.</summary>
    public async Task<bool> WaitAsync(Exception failure)
    {
        if (_attempts++ == 0)
        {
            lane.IsHeld = true;
            health.Hold(lane.Partition, offset, failure);
            logger.Held(failure, settings.Name, lane.Partition.Topic, lane.Partition.Partition.Value, offset);
        }
        var delay = Backoff.Delay(_attempts, settings.FirstHold, settings.LongestHold);
        await Task.Delay(delay, lane.ClosingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!lane.IsClosed)
            return true;
        health.Release(lane.Partition);
        return false;
    }

    public void Ended()
    {
        if (_attempts == 0)
            return;
        lane.IsHeld = false;
        health.Release(lane.Partition);
        logger.HoldEnded(settings.Name, lane.Partition.Topic, lane.Partition.Partition.Value, offset, _attempts + 1);
    }
}
