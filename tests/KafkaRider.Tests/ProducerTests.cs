using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace KafkaRider.Tests;

public sealed class ProducerTests(KafkaFixture kafka)
{
    private string Servers => kafka.Server.BootstrapServers;

    private Topics Topics => new(Servers);

    [Fact]
    public async Task With_an_outbox_the_finished_record_goes_there_and_not_to_kafka()
    {
        var topic = await Topics.CreateAsync();
        var outbox = new CapturingOutbox();
        await using var app = await RiderApp.StartAsync(
            services => services.AddSingleton<ITopicOutbox>(outbox),
            rider =>
            {
                rider.AddProducer<long, ThingHappened>(topic);
                rider.UsingKafka(
                    (_, k) =>
                    {
                        k.UseOutbox(context => context.GetRequiredService<ITopicOutbox>());
                        k.Host(Servers);
                    }
                );
            }
        );
        await using var scope = app.Services.CreateAsyncScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<long, ThingHappened>>();

        await producer.Produce(
            5,
            new ThingHappened { Number = 9 },
            Pipe.Execute<KafkaSendContext<long, ThingHappened>>(context =>
            {
                context.GetOrAddPayload(() => new Handed("along"));
                context.Headers.Set("color", "red");
            }),
            TestContext.Current.CancellationToken
        );

        var record = outbox.Records.Single();
        record.Topic.Should().Be(topic);
        record.Partition.Should().BeNull();
        record.Key.Should().Equal(0, 0, 0, 0, 0, 0, 0, 5);
        Encoding.UTF8.GetString(record.Value!).Should().Contain("9");
        Encoding.UTF8.GetString(record.Headers.GetLastBytes("color")).Should().Be("red");
        record.Message.Should().BeOfType<ThingHappened>();
        record.SendContext.GetPayload<Handed>().Text.Should().Be("along");
        Topics.Read(topic).Should().BeEmpty();

        outbox.Failure = new InvalidOperationException("full");
        await producer
            .Awaiting(p => p.Produce(5, new ThingHappened { Number = 10 }, TestContext.Current.CancellationToken))
            .Should()
            .ThrowAsync<InvalidOperationException>()
            .WithMessage("full");
    }

    [Fact]
    public async Task The_in_memory_outbox_of_a_consumer_holds_records_until_it_succeeded_and_headers_go_on()
    {
        var source = await Topics.CreateAsync();
        var target = await Topics.CreateAsync();
        Topics.Write(source, 0, RiderSetup.Json(1), RiderSetup.Json(2));
        var tries = new ConcurrentQueue<int>();
        await using var app = await RiderApp.StartAsync(
            services => services.AddSingleton(tries),
            rider =>
            {
                rider.AddConsumer<Forwarder>();
                rider.AddProducer<Null, ThingHappened>(target);
                rider.UsingKafka(
                    (context, k) =>
                    {
                        k.Host(Servers);
                        k.TopicEndpoint<ThingHappened>(
                            source,
                            $"g-{source}",
                            e =>
                            {
                                e.AutoOffsetReset = AutoOffsetReset.Earliest;
                                e.UseMessageRetry(retry => retry.Immediate(1));
                                e.UseInMemoryOutbox(context);
                                e.ConfigureConsumer<Forwarder>(context);
                            }
                        );
                    }
                );
            }
        );

        await Eventually.HoldsAsync(() => tries.Count == 3, "one failed try and two good ones");
        await app.StopAsync();
        var records = Topics.Read(target);
        records.Should().HaveCount(2, "what the failed try produced is dropped");
        records
            .Should()
            .OnlyContain(record =>
                Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("SourceAddress")).EndsWith($"/kafka/{source}/g-{source}")
            );
    }

    [Fact]
    public async Task A_batch_answers_for_each_item_and_a_tombstone_has_no_value()
    {
        var topic = await Topics.CreateAsync();
        await using var app = await RiderApp.StartAsync(
            _ => { },
            rider =>
            {
                rider.AddProducer<string, ThingHappened>(topic, (_, p) => p.SetValueSerializer(new Choosy()));
                rider.UsingKafka((_, k) => k.Host(Servers));
            }
        );
        await using var scope = app.Services.CreateAsyncScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<string, ThingHappened>>();

        var results = await producer.ProduceBatch(
            [.. Enumerable.Range(0, 1_000).Select(i => KeyValuePair.Create($"k{i}", new ThingHappened { Number = i }))],
            TestContext.Current.CancellationToken
        );
        await producer.ProduceTombstone("k1", TestContext.Current.CancellationToken);

        results.Select((result, index) => (result.IsProduced, index)).Where(item => !item.IsProduced).Should().Equal((false, 13));
        results[13].Exception.Should().BeOfType<FormatException>();
        var records = Topics.Read(topic);
        records.Should().HaveCount(1_000);
        records[^1].Message.Value.Should().BeNull();
        Encoding.UTF8.GetString(records[^1].Message.Key).Should().Be("k1");
    }

    [Fact]
    public async Task A_full_queue_makes_producers_wait_in_order_instead_of_failing()
    {
        var topic = await Topics.CreateAsync();
        await using var app = await RiderApp.StartAsync(
            _ => { },
            rider =>
            {
                rider.AddProducer<Null, ThingHappened>(topic, (_, p) => p.QueueBufferingMaxMessages = 10);
                rider.UsingKafka((_, k) => k.Host(Servers));
            }
        );
        await using var scope = app.Services.CreateAsyncScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<Null, ThingHappened>>();

        await Task.WhenAll(
            Enumerable
                .Range(0, 500)
                .Select(i => producer.Produce(null!, new ThingHappened { Number = i }, TestContext.Current.CancellationToken))
        );

        Topics
            .Read(topic)
            .Select(record => System.Text.Json.JsonDocument.Parse(record.Message.Value).RootElement.GetProperty("number").GetInt32())
            .Should()
            .Equal(Enumerable.Range(0, 500));
    }

    [Fact]
    public async Task Scoped_send_filters_run_in_the_scope_of_the_producer_and_observers_see_the_send()
    {
        var topic = await Topics.CreateAsync();
        var observer = new CountingObserver();
        await using var app = await RiderApp.StartAsync(
            services => services.AddScoped<Tenant>(),
            rider =>
            {
                rider.AddProducer<ThingHappened>(topic);
                rider.UsingKafka(
                    (context, k) =>
                    {
                        k.Host(Servers);
                        k.UseSendFilter(typeof(TenantFilter<>), context);
                    }
                );
            }
        );
        app.Bus.ConnectSendObserver(observer);
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Tenant>().Name = "acme";

        using var source = new ActivitySource("test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
        };
        ActivitySource.AddActivityListener(listener);
        using var activity = source.StartActivity("request")!;
        await scope
            .ServiceProvider.GetRequiredService<ITopicProducer<ThingHappened>>()
            .Produce(new ThingHappened { Number = 1 }, TestContext.Current.CancellationToken);

        var headers = Topics.Read(topic).Single().Message.Headers;
        Encoding.UTF8.GetString(headers.GetLastBytes("tenant")).Should().Be("acme");
        Encoding.UTF8.GetString(headers.GetLastBytes("traceparent")).Should().Contain(activity.TraceId.ToHexString());
        observer.Sent.Should().Be(1);
    }

    [Fact]
    public async Task A_producer_can_be_resolved_and_used_before_the_bus_starts_and_found_by_address()
    {
        var topic = await Topics.CreateAsync();
        await using var app = RiderApp.Create(
            _ => { },
            rider =>
            {
                rider.AddProducer<long, ThingHappened>(topic);
                rider.UsingKafka((_, k) => k.Host(Servers));
            }
        );
        await using var scope = app.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<ITopicProducer<long, ThingHappened>>()
            .Produce(1, new ThingHappened { Number = 1 }, TestContext.Current.CancellationToken);
        await app.StartAsync();
        var provider = scope.ServiceProvider.GetRequiredService<ITopicProducerProvider>();
        await provider
            .GetProducer<long, ThingHappened>(new Uri($"topic:{topic}"))
            .Produce(1, new ThingHappened { Number = 2 }, TestContext.Current.CancellationToken);

        Topics.Read(topic).Should().HaveCount(2);
        app.Health().Status.Should().Be(BusHealthStatus.Healthy);
        app.Health().Endpoints.Keys.Should().ContainSingle(address => address.EndsWith("/kafka/producers/1", StringComparison.Ordinal));
        // Several types of messages share a topic, each with a producer of its own.
        await provider
            .GetProducer<string, ThingHappened>(new Uri($"topic:{topic}"))
            .Produce("k", new ThingHappened { Number = 3 }, TestContext.Current.CancellationToken);

        // And again after a restart of the bus.
        await app.StopAsync();
        await app.StartAsync();
        await scope
            .ServiceProvider.GetRequiredService<ITopicProducer<long, ThingHappened>>()
            .Produce(1, new ThingHappened { Number = 4 }, TestContext.Current.CancellationToken);
        Topics.Read(topic).Should().HaveCount(4);
    }

    private sealed record Handed(string Text);

    private sealed class CapturingOutbox : ITopicOutbox
    {
        public ConcurrentQueue<OutgoingRecord> Records { get; } = new();

        public Exception? Failure { get; set; }

        public Task AppendAsync(OutgoingRecord record, CancellationToken cancellationToken)
        {
            if (Failure is not null)
                return Task.FromException(Failure);
            Records.Enqueue(record);
            return Task.CompletedTask;
        }
    }

    private sealed class Choosy : ISerializer<ThingHappened>
    {
        public byte[] Serialize(ThingHappened data, SerializationContext context) =>
            data.Number == 13 ? throw new FormatException("not thirteen") : Encoding.UTF8.GetBytes($"{data.Number}");
    }

    private sealed class CountingObserver : ISendObserver
    {
        public int Sent { get; private set; }

        public Task PreSend<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostSend<T>(SendContext<T> context)
            where T : class
        {
            Sent++;
            return Task.CompletedTask;
        }

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}

public sealed class Tenant
{
    public string Name { get; set; } = "";
}

public sealed class TenantFilter<T>(Tenant tenant) : IFilter<SendContext<T>>
    where T : class
{
    public Task Send(SendContext<T> context, IPipe<SendContext<T>> next)
    {
        context.Headers.Set("tenant", tenant.Name);
        return next.Send(context);
    }

    public void Probe(ProbeContext context) { }
}

public sealed class Forwarder(ITopicProducer<Null, ThingHappened> producer, ConcurrentQueue<int> tries) : IConsumer<ThingHappened>
{
    public async Task Consume(ConsumeContext<ThingHappened> context)
    {
        await producer.Produce(null!, context.Message, context.CancellationToken);
        tries.Enqueue(context.Message.Number);
        if (context.Message.Number == 2 && tries.Count(number => number == 2) == 1)
            throw new InvalidOperationException("first try");
    }
}
