using System.Text;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace KafkaRider.Tests;

public sealed class FailurePolicyTests(KafkaFixture kafka)
{
    private string Servers => kafka.Server.BootstrapServers;

    private Topics Topics => new(Servers);

    [Fact]
    public async Task Discard_passes_over_what_failed_and_commits_behind_it()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(topic, 0, RiderSetup.Json(0), "not json", RiderSetup.Json(2), RiderSetup.Json(3));
        var received = new Received<ThingHappened>
        {
            Before = context => context.Message.Number == 2 ? throw new InvalidOperationException("two") : Task.CompletedTask,
        };
        await using var app = await RiderSetup.Consumer<ThingHappened, ThingHappened>(Servers, topic, received).Started();

        await Eventually.HoldsAsync(() => received.Count == 2, "the two good ones");
        received.All.Select(item => item.Message.Number).Should().Equal(0, 3);
        app.Log.Count(LogLevel.Error, $"discarded {topic}[0]@1").Should().Be(1);
        app.Log.Count(LogLevel.Error, $"discarded {topic}[0]@2").Should().Be(1);
        await app.StopAsync();
        (await Topics.CommittedAsync($"g-{topic}", topic, 0)).Should().Be(4);
    }

    [Fact]
    public async Task The_error_topic_gets_poison_failures_and_cancellations_byte_for_byte_with_their_reason()
    {
        var topic = await Topics.CreateAsync();
        byte[] poison = [0xFF, 0x00, 0xFE];
        Topics.Write(
            topic,
            [(0, poison), (0, Encoding.UTF8.GetBytes(RiderSetup.Json(1))), (0, Encoding.UTF8.GetBytes(RiderSetup.Json(2)))]
        );
        Topics.Write(topic, 0, RiderSetup.Json(3));
        var received = new Received<ThingHappened>
        {
            Before = context =>
                context.Message.Number switch
                {
                    1 => throw new InvalidOperationException("no one"),
                    2 => throw new TaskCanceledException("changed its mind"),
                    _ => Task.CompletedTask,
                },
        };
        await using var app = await RiderSetup
            .Consumer<ThingHappened, ThingHappened>(Servers, topic, received, e => e.FailurePolicy = FailurePolicy.ErrorTopic)
            .Started();

        await Eventually.HoldsAsync(() => received.Count == 1, "the good one");
        var moved = Topics.Read($"{topic}.g-{topic}.error").OrderBy(record => HeaderOf(record, "MT-Fault-Offset")).ToList();
        moved
            .Select(record => record.Message.Value)
            .Should()
            .BeEquivalentTo(
                [poison, Encoding.UTF8.GetBytes(RiderSetup.Json(1)), Encoding.UTF8.GetBytes(RiderSetup.Json(2))],
                options => options.WithStrictOrdering()
            );
        HeaderOf(moved[0], "MT-Fault-ExceptionType").Should().Contain("JsonReaderException");
        HeaderOf(moved[1], "MT-Fault-Message").Should().Be("no one");
        HeaderOf(moved[1], "MT-Fault-ConsumerType").Should().Contain("Recorder");
        HeaderOf(moved[2], "MT-Fault-Message").Should().Contain("changed its mind");
        HeaderOf(moved[2], "MT-Fault-Topic").Should().Be(topic);
        await app.StopAsync();
        (await Topics.CommittedAsync($"g-{topic}", topic, 0)).Should().Be(4);
    }

    [Fact]
    public async Task A_failing_batch_is_halved_until_the_poison_stands_alone()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(
            topic,
            Enumerable.Range(0, 200).Select(i => (0, (byte[]?)Encoding.UTF8.GetBytes(i == 77 ? "poison" : RiderSetup.Json(i))))
        );
        var received = new Received<PartitionBatch<ThingHappened>>();
        await using var app = await RiderSetup
            .Consumer<ThingHappened, PartitionBatch<ThingHappened>>(
                Servers,
                topic,
                received,
                e =>
                {
                    e.DeliverBatches();
                    e.FailurePolicy = FailurePolicy.ErrorTopic;
                }
            )
            .Started();

        await Eventually.HoldsAsync(() => received.All.Sum(batch => batch.Message.Messages.Count) == 199, "all but the poison");
        received
            .All.SelectMany(batch => batch.Message.Offsets)
            .Should()
            .Equal(Enumerable.Range(0, 200).Where(i => i != 77).Select(i => (long)i));
        Topics.Read($"{topic}.g-{topic}.error").Should().ContainSingle(record => Encoding.UTF8.GetString(record.Message.Value) == "poison");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hold_tries_the_message_again_while_other_partitions_go_on(bool cancellation)
    {
        var topic = await Topics.CreateAsync(2);
        Topics.Write(topic, 0, RiderSetup.Json(0), RiderSetup.Json(1));
        var isBroken = true;
        var tries = 0;
        var received = new Received<ThingHappened>
        {
            Before = context =>
            {
                if (context.Partition() != 0 || !isBroken)
                    return Task.CompletedTask;
                Interlocked.Increment(ref tries);
                throw cancellation ? new OperationCanceledException("database away") : new InvalidOperationException("database away");
            },
        };
        await using var app = await RiderSetup
            .Consumer<ThingHappened, ThingHappened>(
                Servers,
                topic,
                received,
                e =>
                {
                    e.FailurePolicy = FailurePolicy.HoldPartition;
                    e.HoldBackoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(50));
                }
            )
            .Started();

        await Eventually.HoldsAsync(() => tries >= 5, "several tries");
        Topics.Write(topic, 1, [.. Enumerable.Range(100, 50).Select(RiderSetup.Json)]);
        await Eventually.HoldsAsync(() => received.Count == 50, "the other partition");
        received.All.Should().OnlyContain(item => item.Partition == 1);
        app.HealthOf(topic).Status.Should().Be(BusHealthStatus.Degraded);
        app.HealthOf(topic).Description.Should().Contain($"{topic}[0]@0").And.Contain("database away");

        isBroken = false;
        await Eventually.HoldsAsync(() => received.Count == 52, "the held messages");
        received.All.Where(item => item.Partition == 0).Select(item => item.Message.Number).Should().Equal(0, 1);
        app.HealthOf(topic).Status.Should().Be(BusHealthStatus.Healthy);
        app.Log.Count(LogLevel.Error, "").Should().Be(1, "one line for the change to held");
        app.Log.Count(LogLevel.Information, "succeeded after").Should().Be(1);
    }

    [Fact]
    public async Task Hold_also_keeps_a_record_that_cannot_be_read_and_a_filter_that_fails()
    {
        var topic = await Topics.CreateAsync(2);
        Topics.Write(topic, 0, "not json", RiderSetup.Json(1));
        Topics.Write(topic, 1, RiderSetup.Json(2), RiderSetup.Json(3));
        var received = new Received<ThingHappened>();
        await using var app = await RiderSetup
            .Consumer<ThingHappened, ThingHappened>(
                Servers,
                topic,
                received,
                e =>
                {
                    e.FailurePolicy = FailurePolicy.HoldPartition;
                    e.HoldBackoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(50));
                    e.UseExecute(context =>
                    {
                        if (context.Partition() == 1)
                            throw new OperationCanceledException("filter");
                    });
                }
            )
            .Started();

        await Eventually.HoldsAsync(
            () => app.HealthOf(topic).Description is { } text && text.Contains("[0]@0") && text.Contains("[1]@0"),
            "both partitions held"
        );
        received.Count.Should().Be(0);
        await app.StopAsync();
        (await Topics.CommittedAsync($"g-{topic}", topic, 0)).Should().Be(Offset.Unset.Value);
    }

    private static string HeaderOf(ConsumeResult<byte[], byte[]> record, string name) =>
        Encoding.UTF8.GetString(record.Message.Headers.Single(header => header.Key == name).GetValueBytes());
}
