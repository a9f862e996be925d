using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace KafkaRider.Tests;

public sealed class ProduceAndConsumeTests(KafkaFixture kafka)
{
    private Topics Topics => new(kafka.Server.BootstrapServers);

    [Fact]
    public async Task A_produced_message_reaches_its_consumer_with_key_ids_and_headers()
    {
        var topic = await Topics.CreateAsync(4);
        var seen =
            new TaskCompletionSource<(
                ThingHappened Message,
                long Key,
                Guid? Correlation,
                string? Header,
                Uri? Destination,
                int? Partition
            )>();
        var received = new Received<ThingHappened>
        {
            Before = context =>
            {
                seen.TrySetResult(
                    (
                        context.Message,
                        context.GetKey<long>(),
                        context.CorrelationId,
                        context.Headers.Get<string>("color"),
                        context.DestinationAddress,
                        context.Partition()
                    )
                );
                return Task.CompletedTask;
            },
        };
        await using var app = await RiderApp.StartAsync(
            services => services.AddSingleton(received),
            rider =>
            {
                rider.AddConsumer<Recorder<ThingHappened>>();
                rider.AddProducer<long, ThingHappened>(topic);
                rider.UsingKafka(
                    (context, k) =>
                    {
                        k.Host(kafka.Server.BootstrapServers);
                        k.TopicEndpoint<long, ThingHappened>(
                            topic,
                            $"g-{topic}",
                            e =>
                            {
                                e.AutoOffsetReset = AutoOffsetReset.Earliest;
                                e.ConfigureConsumer<Recorder<ThingHappened>>(context);
                            }
                        );
                    }
                );
            }
        );
        var correlation = Guid.NewGuid();

        await using (var scope = app.Services.CreateAsyncScope())
        {
            var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<long, ThingHappened>>();
            await producer.Produce(
                42,
                new ThingHappened { Number = 7 },
                Pipe.Execute<KafkaSendContext<long, ThingHappened>>(context =>
                {
                    context.CorrelationId = correlation;
                    context.Headers.Set("color", "blue");
                    context.Partition = 2;
                }),
                TestContext.Current.CancellationToken
            );
        }

        var message = await seen.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        message.Message.Number.Should().Be(7);
        message.Key.Should().Be(42);
        message.Correlation.Should().Be(correlation);
        message.Header.Should().Be("blue");
        message.Destination!.AbsolutePath.Should().Be($"/kafka/{topic}");
        message.Partition.Should().Be(2);
    }

    [Fact]
    public async Task The_record_on_the_wire_is_bare_json_with_the_official_header_names()
    {
        var topic = await Topics.CreateAsync();
        await using var app = await RiderApp.StartAsync(
            _ => { },
            rider =>
            {
                rider.AddProducer<Guid, ThingHappened>(topic, (KafkaSendContext<ThingHappened> context) => context.MessageId!.Value);
                rider.UsingKafka((_, k) => k.Host(kafka.Server.BootstrapServers));
            }
        );
        await using var scope = app.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<ITopicProducer<ThingHappened>>()
            .Produce(new { Number = 3, Text = "hi" }, TestContext.Current.CancellationToken);

        var record = Topics.Read(topic).Single();
        using var json = JsonDocument.Parse(record.Message.Value);
        JsonSerializer.Serialize(json).Should().Be("""{"number":3,"text":"hi"}""");
        var headers = record.Message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes()));
        Encoding.UTF8.GetString(record.Message.Key).Should().Be($"\"{headers["MessageId"]}\"");
        headers.Keys.Should().Contain(["MessageId", "ConversationId", "SourceAddress", "DestinationAddress"]);
        headers["DestinationAddress"].Should().EndWith($"/kafka/{topic}");
    }

    [Fact]
    public async Task A_raw_batch_endpoint_delivers_every_record_once_and_in_order()
    {
        var topic = await Topics.CreateAsync(2);
        Topics.Write(topic, Enumerable.Range(0, 3_000).Select(i => (i % 2, (byte[]?)Encoding.UTF8.GetBytes($"{i}"))));
        var received = new Received<PartitionBatch<RawRecord>>();
        await using var app = await RiderApp.StartAsync(
            services => services.AddSingleton(received),
            rider =>
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
            }
        );

        await Eventually.HoldsAsync(() => received.All.Sum(batch => batch.Message.Messages.Count) == 3_000, "all records");
        foreach (var partition in received.All.GroupBy(batch => batch.Partition))
        {
            partition.SelectMany(batch => batch.Message.Offsets).Should().Equal(Enumerable.Range(0, 1_500).Select(i => (long)i));
            partition.Should().OnlyContain(batch => batch.Message.Messages.Count <= 500);
            partition.Last().Message.HighWatermark.Should().Be(1_500);
        }
        await app.StopAsync();
        (await Topics.CommittedAsync($"g-{topic}", topic, 0)).Should().Be(1_500);
        (await Topics.CommittedAsync($"g-{topic}", topic, 1)).Should().Be(1_500);
    }
}
