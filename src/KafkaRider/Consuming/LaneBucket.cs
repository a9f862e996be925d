using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A queue of a lane with one worker, which runs on the thread pool while there is something to take.</summary>
internal sealed class LaneBucket(PartitionLane lane) : IThreadPoolWorkItem
{
    private readonly List<LaneRecord> _taken = [];
    private readonly ConsumeResult<byte[], byte[]>[] _single = new ConsumeResult<byte[], byte[]>[1];

    /// <summary>Guarded by the lane's lock.</summary>
    public Queue<LaneRecord> Waiting { get; } = new();

    /// <summary>Guarded by the lane's lock.</summary>
    public bool IsScheduled { get; set; }

    public void Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        while (lane.TryTake(this, _taken))
        {
            var handled = false;
            try
            {
                handled = await lane.HandleAsync(Records()).ConfigureAwait(false);
            }
            finally
            {
                lane.Finished(_taken, handled);
            }
        }
    }

    private ConsumeResult<byte[], byte[]>[] Records()
    {
        if (lane.MaxBatch == 1)
        {
            _single[0] = _taken[0].Result;
            return _single;
        }
        var records = new ConsumeResult<byte[], byte[]>[_taken.Count];
        for (var i = 0; i < records.Length; i++)
            records[i] = _taken[i].Result;
        return records;
    }
}
