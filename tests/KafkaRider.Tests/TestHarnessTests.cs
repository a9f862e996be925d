using System.Text;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Kafka.Extensions;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace KafkaRider.Tests;

public sealed class TestHarnessTests(KafkaFixture kafka)
{
    private Topics Topics => new(kafka.Server.BootstrapServers);

    [Fact]
    public async Task The_harness_sees_produced_and_consumed_messages()
    {
        var topic = await Topics.CreateAsync();
        // No MessageId header: a bare client wrote it.
        Topics.Write(topic, 0, RiderSetup.Json(1));
        await using var services = new ServiceCollection()
            .AddSingleton(new Received<ThingHappened>())
            .AddMassTransitTestHarness(bus =>
            {
                bus.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(15));
                bus.AddRider(rider =>
                {
                    rider.AddConsumer<Recorder<ThingHappened>>();
                    rider.AddProducer<string, ThingHappened>(topic);
                    rider.UsingKafka(
                        (context, k) =>
                        {
                            k.Host(kafka.Server.BootstrapServers);
                            k.TopicEndpoint<string, ThingHappened>(
                                topic,
                                $"g-{topic}",
                                e =>
                                {
                                    e.AutoOffsetReset = AutoOffsetReset.Earliest;
                                    e.UseMessageRetry(retry => retry.Immediate(2));
                                    e.ConfigureConsumer<Recorder<ThingHappened>>(context);
                                }
                            );
                        }
                    );
                });
            })
            .BuildServiceProvider(true);
        var failures = 0;
        services.GetRequiredService<Received<ThingHappened>>().Before = context =>
            context.Message.Number == 2 && failures++ < 2 ? throw new InvalidOperationException() : Task.CompletedTask;
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start();
        await using (var scope = services.CreateAsyncScope())
            await scope
                .ServiceProvider.GetRequiredService<ITopicProducer<string, ThingHappened>>()
                .Produce("k", new ThingHappened { Number = 2 }, TestContext.Current.CancellationToken);

        (await harness.Sent.Any<ThingHappened>(TestContext.Current.CancellationToken)).Should().BeTrue();
        (await harness.Consumed.Any<ThingHappened>(item => item.Context.Message.Number == 1, TestContext.Current.CancellationToken))
            .Should()
            .BeTrue();
        (await harness.Consumed.Any<ThingHappened>(item => item.Context.Message.Number == 2, TestContext.Current.CancellationToken))
            .Should()
            .BeTrue();
        await harness.Stop(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_harness_sees_batches()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(topic, 0, "a", "b", "c");
        await using var services = new ServiceCollection()
            .AddSingleton(new Received<PartitionBatch<RawRecord>>())
            .AddMassTransitTestHarness(bus =>
            {
                bus.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(15));
                bus.AddRider(rider =>
                {
                    rider.AddConsumer<Recorder<PartitionBatch<RawRecord>>>();
                    rider.UsingKafka(
                        (context, k) =>
                        {
                            k.Host(kafka.Server.BootstrapServers);
                            k.BatchEndpoint<RawRecord>(
                                topic,
                                $"g-{topic}",
                                e =>
                                {
                                    e.AutoOffsetReset = AutoOffsetReset.Earliest;
                                    e.ConfigureConsumer<Recorder<PartitionBatch<RawRecord>>>(context);
                                }
                            );
                        }
                    );
                });
            })
            .BuildServiceProvider(true);
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start();

        (await harness.Consumed.Any<PartitionBatch<RawRecord>>(TestContext.Current.CancellationToken)).Should().BeTrue();
        var batch = (await harness.Consumed.SelectAsync<PartitionBatch<RawRecord>>(TestContext.Current.CancellationToken).First()).Context;
        Encoding.UTF8.GetString(batch.Message.Messages[0].Value!).Should().Be("a");
        batch.MessageId.Should().NotBeNull();
        await harness.Stop(TestContext.Current.CancellationToken);
    }
}
