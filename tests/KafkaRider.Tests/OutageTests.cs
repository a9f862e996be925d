using Confluent.Kafka;
using MassTransit;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace KafkaRider.Tests;

public sealed class OutageTests
{
    [Fact]
    public async Task The_bus_starts_without_kafka_says_so_and_recovers_by_itself_and_again_after_a_kill()
    {
        Assert.SkipUnless(KafkaServer.Missing is null, KafkaServer.Missing ?? "");
        await using var server = new KafkaServer(
            1,
            "group.initial.rebalance.delay.ms=0",
            "auto.create.topics.enable=true",
            "num.partitions=2"
        );
        const string Topic = "outage";
        var received = new Received<PartitionBatch<RawRecord>>();
        await using var app = RiderApp.Create(
            services => services.AddSingleton(received),
            rider =>
            {
                rider.AddConsumer<Recorder<PartitionBatch<RawRecord>>>();
                rider.AddProducer<string, ThingHappened>(Topic);
                rider.UsingKafka(
                    (context, k) =>
                    {
                        k.Host(server.BootstrapServers);
                        k.StartTimeout = TimeSpan.FromSeconds(2);
                        k.ReconnectBackoffMax = TimeSpan.FromSeconds(1);
                        k.BatchEndpoint<RawRecord>(
                            Topic,
                            "g",
                            e =>
                            {
                                e.AutoOffsetReset = AutoOffsetReset.Earliest;
                                e.CreateIfMissing(o => o.NumPartitions = 2);
                                e.FailurePolicy = FailurePolicy.HoldPartition;
                                e.ConfigureConsumer<Recorder<PartitionBatch<RawRecord>>>(context);
                            }
                        );
                    }
                );
            }
        );

        await app.StartAsync().WaitAsync(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        app.HealthOf(Topic).Status.Should().Be(BusHealthStatus.Unhealthy);
        app.Log.Count(LogLevel.Warning, "still wait for Kafka").Should().Be(1);
        await using var scope = app.Services.CreateAsyncScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<string, ThingHappened>>();
        var early = producer.Produce("k", new ThingHappened { Number = 0 }, TestContext.Current.CancellationToken);

        await server.StartAsync();
        await Eventually.HoldsAsync(
            () => app.HealthOf(Topic).Status == BusHealthStatus.Healthy,
            "health after the start",
            TimeSpan.FromSeconds(60)
        );
        await early.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => Records(received) == 1, "the early record");

        await server.KillAsync();
        await Eventually.HoldsAsync(() => app.HealthOf(Topic).Status == BusHealthStatus.Unhealthy, "health after the kill");
        var during = producer.Produce("k", new ThingHappened { Number = 1 }, TestContext.Current.CancellationToken);
        await server.StartAsync();
        await during.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => Records(received) >= 2, "the record produced while it was away", TimeSpan.FromSeconds(60));
        await Eventually.HoldsAsync(
            () => app.HealthOf(Topic).Status == BusHealthStatus.Healthy,
            "health after the restart",
            TimeSpan.FromSeconds(60)
        );
        app.Log.Count(LogLevel.Error, "failed and starts again").Should().Be(0, "an outage never tears the endpoint down");
    }

    [Fact]
    public async Task A_stop_without_kafka_is_bounded()
    {
        var app = RiderSetup.Consumer<ThingHappened, ThingHappened>(
            "127.0.0.1:1",
            "nowhere",
            new Received<ThingHappened>(),
            kafka: k => k.StartTimeout = TimeSpan.FromSeconds(1)
        );
        await app.StartAsync();
        await app.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static int Records(Received<PartitionBatch<RawRecord>> received) => received.All.Sum(batch => batch.Message.Messages.Count);
}
