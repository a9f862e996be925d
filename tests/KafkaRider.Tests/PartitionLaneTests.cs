using System.Collections.Concurrent;
using Confluent.Kafka;
using CsCheck;
using MassTransit.KafkaIntegration.Consuming;

namespace KafkaRider.Tests;

public sealed class PartitionLaneTests
{
    [Fact]
    public async Task What_is_queued_when_the_lane_closes_is_dropped_and_what_is_in_flight_may_finish()
    {
        var handler = new Handler { Gate = new TaskCompletionSource() };
        var lane = Lane(handler);
        lane.Open(null);
        for (var offset = 0; offset < 10; offset++)
            lane.Arrived(Record(offset));
        lane.Schedule();
        await handler.Begun.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        lane.Close(cancel: false);
        lane.Drained.IsCompleted.Should().BeFalse();
        handler.Gate.SetResult();
        await lane.Drained.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        handler.Handled.Should().Equal(0);
        lane.Position.Should().Be(1);
    }

    [Fact]
    public void A_lane_that_has_not_started_delivers_nothing_and_remembers_what_it_dropped()
    {
        var handler = new Handler();
        var lane = Lane(handler);
        lane.Arrived(Record(17));
        lane.Arrived(Record(18));
        lane.Schedule();

        lane.DroppedFrom.Should().Be(17);
        lane.WantsPause(isPaused: false).Should().BeTrue();
        lane.Close(cancel: false);
        lane.Drained.IsCompleted.Should().BeTrue();
        handler.Handled.Should().BeEmpty();
    }

    [Fact]
    public void A_full_lane_is_paused_and_resumed_when_half_of_it_is_done()
    {
        var lane = Lane(new Handler { Gate = new TaskCompletionSource() }, capacity: 4);
        lane.Open(null);
        for (var offset = 0; offset < 4; offset++)
            lane.Arrived(Record(offset));

        lane.IsFull.Should().BeTrue();
        lane.WantsPause(isPaused: false).Should().BeTrue();
        lane.WantsPause(isPaused: true).Should().BeTrue();
    }

    [Fact]
    public async Task The_end_comes_after_everything_before_it_and_before_everything_behind_it_whatever_the_buckets()
    {
        // Each step: a record with one of three keys (0-2), an end (3), or a moment for the workers (4).
        await Gen.Select(Gen.Int[0, 4].List[1, 60], Gen.Int[1, 4])
            .SampleAsync(
                async (steps, buckets) =>
                {
                    var handler = new Handler { MaxBatch = buckets == 1 ? 3 : 1 };
                    var lane = new PartitionLane(new TopicPartition("t", 0), handler, buckets, 1, 1_000);
                    lane.Open(null);
                    long next = 0;
                    foreach (var step in steps)
                    {
                        if (step < 3)
                            lane.Arrived(Record(next++, (byte)step));
                        else if (step == 3)
                            lane.Arrived(End(next));
                        else
                            await Task.Yield();
                        lane.Schedule();
                    }
                    var ends = steps.Contains(3);
                    while (lane.InHand > 0 || ends && handler.Ends.IsEmpty)
                        await Task.Yield();
                    lane.Close(cancel: false);
                    await lane.Drained;
                    // At each end, exactly the records below it had been handled.
                    return handler.Ends.All(end => end.HandledBefore == end.Offset) && handler.Handled.Count == next;
                },
                iter: 300
            );
    }

    private static PartitionLane Lane(Handler handler, int capacity = 100) => new(new TopicPartition("t", 0), handler, 1, 1, capacity);

    private static ConsumeResult<byte[], byte[]> Record(long offset, byte key = 0) =>
        new()
        {
            TopicPartitionOffset = new TopicPartitionOffset("t", 0, offset),
            Message = new Message<byte[], byte[]> { Key = [key], Value = [1] },
        };

    private static ConsumeResult<byte[], byte[]> End(long offset) =>
        new() { TopicPartitionOffset = new TopicPartitionOffset("t", 0, offset), IsPartitionEOF = true };

    private sealed class Handler : ILaneHandler
    {
        public int MaxBatch { get; init; } = 1;

        public TaskCompletionSource? Gate { get; init; }

        public TaskCompletionSource Begun { get; } = new();

        public ConcurrentQueue<long> Handled { get; } = new();

        public ConcurrentQueue<(long Offset, int HandledBefore)> Ends { get; } = new();

        public async Task<bool> HandleAsync(PartitionLane lane, IReadOnlyList<ConsumeResult<byte[], byte[]>> records)
        {
            Begun.TrySetResult();
            if (Gate is not null)
                await Gate.Task;
            foreach (var record in records)
                Handled.Enqueue(record.Offset.Value);
            return true;
        }

        public Task ReachedEndAsync(PartitionLane lane, long endOffset)
        {
            Ends.Enqueue((endOffset, Handled.Count));
            return Task.CompletedTask;
        }
    }
}
