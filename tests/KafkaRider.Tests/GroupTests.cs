using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Kafka.Extensions;
using TestSupport;

namespace KafkaRider.Tests;

public sealed class GroupTests(KafkaFixture kafka)
{
    private string Servers => kafka.Server.BootstrapServers;

    private Topics Topics => new(Servers);

    [Theory]
    [InlineData("range")]
    [InlineData("cooperative-sticky")]
    [InlineData("consumer")]
    public async Task Members_that_join_and_leave_under_load_lose_nothing(string protocol)
    {
        const int Records = 6_000;
        var topic = await Topics.CreateAsync(4);
        var config = new ConsumerConfig { GroupId = $"g-{topic}", HeartbeatIntervalMs = protocol == "consumer" ? null : 500 };
        if (protocol == "consumer")
            config.GroupProtocol = GroupProtocol.Consumer;
        else
            config.PartitionAssignmentStrategy =
                protocol == "range" ? PartitionAssignmentStrategy.Range : PartitionAssignmentStrategy.CooperativeSticky;
        var received = new Received<PartitionBatch<RawRecord>> { Before = _ => Task.Delay(5) };

        await using var first = await Member().Started();
        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < Records / 100; i++)
            {
                Topics.Write(topic, Enumerable.Range(i * 100, 100).Select(n => (n % 4, (byte[]?)Encoding.UTF8.GetBytes($"{n}"))));
                await Task.Delay(50);
            }
        });
        await Eventually.HoldsAsync(() => received.Count > 0, "the first member at work", TimeSpan.FromSeconds(60));
        await using var second = await Member().Started();
        await Eventually.HoldsAsync(
            () => second.Log.All.Any(line => line.Text.Contains(": assigned ", StringComparison.Ordinal)),
            "the second member's share"
        );
        await first.DisposeAsync();
        await using var third = await Member().Started();
        await writer;

        await Eventually.HoldsAsync(
            () => received.All.SelectMany(batch => batch.Message.Messages).Select(record => Text(record)).Distinct().Count() == Records,
            "every record",
            TimeSpan.FromSeconds(60)
        );
        await second.DisposeAsync();
        await third.DisposeAsync();
        // Every member drained and committed before it gave a partition away, so nothing was handled twice.
        received.All.Sum(batch => batch.Message.Messages.Count).Should().Be(Records);
        foreach (var partition in Enumerable.Range(0, 4))
            (await Topics.CommittedAsync($"g-{topic}", topic, partition)).Should().Be(Records / 4);

        RiderApp Member() =>
            RiderSetup.Consumer<RawRecord, PartitionBatch<RawRecord>>(
                Servers,
                topic,
                received,
                e => e.DeliverBatches(50),
                config: new ConsumerConfig(new Dictionary<string, string>(config))
            );
    }

    [Fact]
    public async Task A_partition_still_in_work_when_its_member_leaves_is_handled_by_the_next_one()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(topic, 0, [.. Enumerable.Range(0, 20).Select(RiderSetup.Json)]);
        var stuck = new TaskCompletionSource();
        var received = new Received<ThingHappened>
        {
            Before = async context =>
            {
                if (context.Message.Number != 3)
                    return;
                stuck.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
        };
        var app = await RiderSetup
            .Consumer<ThingHappened, ThingHappened>(
                Servers,
                topic,
                received,
                e =>
                {
                    // Out of order on purpose: later ones finish while the fourth hangs.
                    e.ConcurrentDeliveryLimit = 8;
                    e.DrainTimeout = TimeSpan.FromMilliseconds(500);
                }
            )
            .Started();
        await stuck.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => received.Count >= 17, "later ones");

        await app.DisposeAsync();

        (await Topics.CommittedAsync($"g-{topic}", topic, 0)).Should().Be(3);
        var again = new Received<ThingHappened>();
        await using var next = await RiderSetup.Consumer<ThingHappened, ThingHappened>(Servers, topic, again).Started();
        await Eventually.HoldsAsync(() => again.Count == 17, "the rest again");
        again.All.Select(item => item.Message.Number).Should().Equal(Enumerable.Range(3, 17));
    }

    [Fact]
    public async Task A_slow_partition_is_paused_and_holds_up_no_other()
    {
        var topic = await Topics.CreateAsync(2);
        Topics.Write(topic, Enumerable.Range(0, 20_000).Select(i => (i % 2, (byte[]?)Encoding.UTF8.GetBytes(RiderSetup.Json(i)))));
        var gate = new TaskCompletionSource();
        var received = new Received<ThingHappened> { Before = context => context.Partition() == 0 ? gate.Task : Task.CompletedTask };
        await using var app = await RiderSetup
            .Consumer<ThingHappened, ThingHappened>(Servers, topic, received, e => e.PrefetchCount = 100)
            .Started();

        await Eventually.HoldsAsync(() => received.Count == 10_000, "the whole fast partition");
        received.All.Should().OnlyContain(item => item.Partition == 1);
        gate.SetResult();
        await Eventually.HoldsAsync(() => received.Count == 20_000, "the slow one too");
        received
            .All.Where(item => item.Partition == 0)
            .Select(item => item.Offset)
            .Should()
            .Equal(Enumerable.Range(0, 10_000).Select(i => (long)i));
    }

    [Fact]
    public async Task Order_within_a_key_is_kept_with_many_buckets()
    {
        var topic = await Topics.CreateAsync();
        using (var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = Servers }).Build())
        {
            for (var i = 0; i < 500; i++)
                producer.Produce(topic, new Message<string, string> { Key = $"k{i % 7}", Value = RiderSetup.Json(i) });
            producer.Flush(TimeSpan.FromSeconds(10));
        }
        var byBucket = new ConcurrentQueue<int>();
        var received = new Received<ThingHappened>
        {
            Before = async context =>
            {
                await Task.Delay(Random.Shared.Next(3));
                byBucket.Enqueue(context.Message.Number);
            },
        };
        await using var app = await RiderSetup
            .Consumer<ThingHappened, ThingHappened>(Servers, topic, received, e => e.ConcurrentMessageLimit = 8)
            .Started();

        await Eventually.HoldsAsync(() => received.Count == 500, "all");
        foreach (var key in byBucket.GroupBy(number => number % 7))
            key.Should().BeInAscendingOrder();
    }

    private static string Text(RawRecord record) => Encoding.UTF8.GetString(record.Value!);
}
