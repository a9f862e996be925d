using System.Collections.Concurrent;
using System.Text;
using MassTransit.Kafka.Extensions;
using TestSupport;

namespace KafkaRider.Tests;

public sealed class PartitionObserverTests(KafkaFixture kafka)
{
    private string Servers => kafka.Server.BootstrapServers;

    private Topics Topics => new(Servers);

    [Fact]
    public async Task Nothing_is_delivered_before_the_observer_answered_nor_from_before_its_offset()
    {
        var topic = await Topics.CreateAsync(4);
        Topics.Write(topic, Enumerable.Range(0, 20_000).Select(i => (i % 4, (byte[]?)Encoding.UTF8.GetBytes($"{i}"))));
        var received = new Received<PartitionBatch<RawRecord>>();
        var observer = new Observer();
        observer.Assigned = async (partition, _) =>
        {
            // Long enough for the client to have fetched what must not be delivered.
            await Task.Delay(700, TestContext.Current.CancellationToken);
            received.All.Should().NotContain(batch => batch.Partition == partition);
            return 1_000 + partition;
        };
        await using var app = await BatchApp(topic, received, observer).Started();

        await Eventually.HoldsAsync(() => observer.Ends.Count == 4, "all four ends");
        foreach (var partition in Enumerable.Range(0, 4))
        {
            received
                .All.Where(batch => batch.Partition == partition)
                .SelectMany(batch => batch.Message.Offsets)
                .Should()
                .Equal(Enumerable.Range(1_000 + partition, 4_000 - partition).Select(i => (long)i));
            observer.Ends.Should().Contain((partition, 5_000L));
        }
    }

    [Fact]
    public async Task Seeking_back_does_not_deliver_what_was_fetched_further_on()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(topic, Enumerable.Range(0, 20_000).Select(i => (0, (byte[]?)Encoding.UTF8.GetBytes($"{i}"))));
        // Many times, since the race between fetch and seek is one of time.
        for (var round = 0; round < 8; round++)
        {
            var received = new Received<PartitionBatch<RawRecord>>();
            var delay = round * 15;
            var observer = new Observer
            {
                Assigned = async (_, _) =>
                {
                    await Task.Delay(delay, TestContext.Current.CancellationToken);
                    return 5;
                },
            };
            await using var app = await BatchApp(topic, received, observer).Started();
            await Eventually.HoldsAsync(() => received.All.Sum(batch => batch.Message.Offsets.Count) >= 19_995, "everything from 5 on");
            received.All.SelectMany(batch => batch.Message.Offsets).Should().Equal(Enumerable.Range(5, 19_995).Select(i => (long)i));
        }
    }

    [Fact]
    public async Task Without_an_answer_the_committed_offset_holds_and_what_was_fetched_meanwhile_is_not_lost()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(topic, Enumerable.Range(0, 5_000).Select(i => (0, (byte[]?)Encoding.UTF8.GetBytes($"{i}"))));
        var received = new Received<PartitionBatch<RawRecord>>();
        var observer = new Observer
        {
            Assigned = async (_, _) =>
            {
                await Task.Delay(500, TestContext.Current.CancellationToken);
                return null;
            },
        };
        await using (await BatchApp(topic, received, observer).Started())
            await Eventually.HoldsAsync(() => observer.Ends.Count == 1, "the end");
        received.All.SelectMany(batch => batch.Message.Offsets).Should().Equal(Enumerable.Range(0, 5_000).Select(i => (long)i));

        Topics.Write(topic, 0, "more");
        var again = new Received<PartitionBatch<RawRecord>>();
        await using (await BatchApp(topic, again, observer).Started())
            await Eventually.HoldsAsync(() => again.Count == 1, "the new record");
        again.All.Single().Message.Offsets.Should().Equal(5_000);
    }

    [Fact]
    public async Task A_failing_observer_is_asked_again_and_logged_once()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(topic, 0, "a", "b");
        var received = new Received<PartitionBatch<RawRecord>>();
        var tries = 0;
        var observer = new Observer
        {
            Assigned = (_, _) => ++tries < 4 ? throw new InvalidOperationException("away") : Task.FromResult<long?>(1),
        };
        await using var app = await BatchApp(topic, received, observer).Started();

        await Eventually.HoldsAsync(() => received.Count == 1, "the record");
        received.All.Single().Message.Offsets.Should().Equal(1);
        app.Log.All.Count(line => line.Text.Contains("could not say where", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task The_end_is_told_after_everything_before_it_was_handled_also_for_an_empty_partition_and_again_after_more()
    {
        var topic = await Topics.CreateAsync(2);
        Topics.Write(topic, 0, "a", "b", "c");
        var order = new ConcurrentQueue<string>();
        var received = new Received<PartitionBatch<RawRecord>>
        {
            Before = async context =>
            {
                await Task.Delay(100);
                foreach (var offset in context.Message.Offsets)
                    order.Enqueue($"{context.Message.Partition}@{offset}");
            },
        };
        var observer = new Observer { EndReached = (partition, end) => order.Enqueue($"{partition} ends at {end}") };
        await using var app = await BatchApp(topic, received, observer).Started();

        await Eventually.HoldsAsync(() => observer.Ends.Count == 2, "both ends");
        order.Where(line => line.StartsWith('0')).Should().Equal("0@0", "0@1", "0@2", "0 ends at 3");
        order.Where(line => line.StartsWith('1')).Should().Equal("1 ends at 0");
        Topics.Write(topic, 0, "d");
        await Eventually.HoldsAsync(() => observer.Ends.Count == 3, "the next end");
        order.Where(line => line.StartsWith('0')).Should().Equal("0@0", "0@1", "0@2", "0 ends at 3", "0@3", "0 ends at 4");
    }

    [Fact]
    public async Task A_partition_is_released_after_its_handler_ended()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(topic, 0, "a");
        var order = new ConcurrentQueue<string>();
        var begun = new TaskCompletionSource();
        var received = new Received<PartitionBatch<RawRecord>>
        {
            Before = async _ =>
            {
                begun.SetResult();
                await Task.Delay(500);
                order.Enqueue("handled");
            },
        };
        var observer = new Observer { Released = _ => order.Enqueue("released") };
        await using var app = await BatchApp(topic, received, observer).Started();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await app.StopAsync();

        order.Should().Equal("handled", "released");
        (await Topics.CommittedAsync($"g-{topic}", topic, 0)).Should().Be(1);
    }

    private RiderApp BatchApp(string topic, Received<PartitionBatch<RawRecord>> received, IPartitionObserver observer) =>
        RiderSetup.Consumer<RawRecord, PartitionBatch<RawRecord>>(
            Servers,
            topic,
            received,
            e =>
            {
                e.DeliverBatches();
                e.SetPartitionObserver(observer);
            }
        );

    private sealed class Observer : IPartitionObserver
    {
        public Func<int, CancellationToken, Task<long?>> Assigned { get; set; } = (_, _) => Task.FromResult<long?>(null);

        public Action<int, long> EndReached { get; set; } = (_, _) => { };

        public Action<int> Released { get; set; } = _ => { };

        public ConcurrentQueue<(int, long)> Ends { get; } = new();

        public Task<long?> AssignedAsync(string topic, int partition, CancellationToken cancellationToken) =>
            Assigned(partition, cancellationToken);

        public Task ReachedEndAsync(string topic, int partition, long endOffset, CancellationToken cancellationToken)
        {
            EndReached(partition, endOffset);
            Ends.Enqueue((partition, endOffset));
            return Task.CompletedTask;
        }

        public Task ReleasedAsync(string topic, int partition)
        {
            Released(partition);
            return Task.CompletedTask;
        }
    }
}
