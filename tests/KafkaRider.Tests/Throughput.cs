using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace KafkaRider.Tests;

/// <summary>Consume rates beside the raw client on the same records. By hand: run this class with <c>-explicit only</c>.</summary>
public sealed class Throughput(KafkaFixture kafka)
{
    private const int Records = 400_000;
    private const int Runs = 3;

    private string Servers => kafka.Server.BootstrapServers;

    [Fact(Explicit = true)]
    public async Task Consuming_one_by_one_and_in_batches_beside_the_raw_client()
    {
        var topics = new Topics(Servers);
        var topic = await topics.CreateAsync(4);
        var text = new string('x', 260);
        topics.Write(
            topic,
            Enumerable.Range(0, Records).Select(i => (i % 4, (byte[]?)Encoding.UTF8.GetBytes($$"""{"number":{{i}},"text":"{{text}}"}""")))
        );

        for (var run = 0; run < Runs; run++)
        {
            Report("raw", Raw(topic, _ => { }));
            Report("raw and JSON", Raw(topic, value => JsonSerializer.Deserialize<ThingHappened>(value, JsonSerializerOptions.Web)));
            Report("rider, one by one, JSON", await Rider<ThingHappened, ThingHappened>(topic, _ => 1, false));
            Report(
                "rider, batches, JSON",
                await Rider<ThingHappened, PartitionBatch<ThingHappened>>(topic, batch => batch.Messages.Count, true)
            );
            Report("rider, raw batches", await Rider<RawRecord, PartitionBatch<RawRecord>>(topic, batch => batch.Messages.Count, true));
        }
    }

    private static void Report(string what, double rate) =>
        TestContext.Current.SendDiagnosticMessage($"{what, -26} {rate, 12:N0} records/s");

    private double Raw(string topic, Action<byte[]> handle)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = Servers,
                GroupId = $"{Guid.NewGuid():N}",
                AutoOffsetReset = AutoOffsetReset.Earliest,
                FetchQueueBackoffMs = 5,
            }
        ).Build();
        consumer.Subscribe(topic);
        handle(consumer.Consume(TimeSpan.FromSeconds(20)).Message.Value);
        var clock = Stopwatch.StartNew();
        for (var count = 1; count < Records; count++)
            handle(consumer.Consume(TimeSpan.FromSeconds(20)).Message.Value);
        return Records / clock.Elapsed.TotalSeconds;
    }

    private async Task<double> Rider<T, TMessage>(string topic, Func<TMessage, int> count, bool batches)
        where T : class
        where TMessage : class
    {
        var counter = new Counter<TMessage>(count);
        await using var services = new ServiceCollection()
            .AddSingleton(counter)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddMassTransit(bus =>
            {
                bus.UsingInMemory();
                bus.AddRider(rider =>
                {
                    rider.AddConsumer<CountingConsumer<TMessage>>();
                    rider.UsingKafka(
                        (context, k) =>
                        {
                            k.Host(Servers);
                            k.TopicEndpoint<T>(
                                topic,
                                $"{Guid.NewGuid():N}",
                                e =>
                                {
                                    e.AutoOffsetReset = AutoOffsetReset.Earliest;
                                    if (batches)
                                        e.DeliverBatches();
                                    e.ConfigureConsumer<CountingConsumer<TMessage>>(context);
                                }
                            );
                        }
                    );
                });
            })
            .BuildServiceProvider();
        LogContext.ConfigureCurrentLogContext(services.GetRequiredService<ILoggerFactory>());
        var control = services.GetRequiredService<IBusControl>();
        await control.StartAsync();
        var elapsed = await counter.Done.WaitAsync(TimeSpan.FromSeconds(60));
        await control.StopAsync();
        return Records / elapsed.TotalSeconds;
    }

    internal sealed class Counter<T>(Func<T, int> count)
    {
        private readonly TaskCompletionSource<TimeSpan> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _first;
        private int _seen;

        public Task<TimeSpan> Done => _done.Task;

        public void Add(T message)
        {
            Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0);
            if (Interlocked.Add(ref _seen, count(message)) == Records)
                _done.TrySetResult(Stopwatch.GetElapsedTime(_first));
        }
    }

    internal sealed class CountingConsumer<T>(Counter<T> counter) : IConsumer<T>
        where T : class
    {
        public Task Consume(ConsumeContext<T> context)
        {
            counter.Add(context.Message);
            return Task.CompletedTask;
        }
    }
}
