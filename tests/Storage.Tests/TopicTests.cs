using System.Text;
using Confluent.Kafka;
using Contracts;
using KafkaMySql;
using MassTransit.Kafka.Extensions;
using ReaderSupport;
using TestSupport;

namespace Storage.Tests;

public sealed class TopicTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task Events_on_the_topic_are_stored_also_those_a_stranger_wrote_and_those_written_while_storage_was_away()
    {
        using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("events", 4);
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        var log = new TopicLog();
        var listing = Sample.Listing();
        await ProduceAsync(producer, log.Next(listing, 1));
        var database = await fixture.Server.NewDatabaseAsync("storage");

        await using (var storage = await StartAsync(database, kafka))
        {
            await CountsAsync(storage, 1, 0);
            var foreign = Sample.Bid();
            await ProduceAsync(producer, log.Foreign(Envelope.Write(foreign), 3));
            await ProduceAsync(producer, log.Foreign(Encoding.UTF8.GetBytes("no JSON"), 3));
            await CountsAsync(storage, 1, 1);
            (await storage.TraceIdsAsync("/storage/site/bids")).Should().Equal(foreign.TraceId);
            await ReadyAsync(storage);
        }
        await ProduceAsync(producer, log.Next(Sample.Listing(), 1));
        await ProduceAsync(producer, log.Next(Sample.Bid(), 0));

        await using (var storage = await StartAsync(database, kafka))
        {
            await CountsAsync(storage, 2, 2);
            await Eventually.HoldsAsync(
                async () =>
                    (await storage.Client.GetStringAsync("/storage/progress")).Contains(
                        """{"partition":1,"last":2,""",
                        StringComparison.Ordinal
                    ),
                "progress says how far the reader has come"
            );
            (await storage.Client.GetStringAsync("/metrics")).Should().Contain("inbox_stored");
        }
    }

    [Fact]
    public async Task Storage_starts_without_kafka_says_so_and_goes_on_when_it_comes()
    {
        using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("events", 4);
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        await ProduceAsync(producer, new TopicLog().Next(Sample.Listing()));
        kafka.TakeDown();
        var database = await fixture.Server.NewDatabaseAsync("storage");
        await using var storage = await StartAsync(database, kafka);
        await storage.DatabaseReadyAsync();
        (await storage.Client.GetAsync("/health/live")).IsSuccessStatusCode.Should().BeTrue();
        var reply = await storage.Client.GetAsync("/health/ready");
        reply.IsSuccessStatusCode.Should().BeFalse();
        (await reply.Content.ReadAsStringAsync()).Should().Contain("\"kafka\"");

        kafka.BringUp();

        await CountsAsync(storage, 1, 0);
        await ReadyAsync(storage);
    }

    private static Task<StorageHost> StartAsync(string database, EmbeddedKafka kafka) =>
        StorageHost.StartOnAsync(database, $"Kafka:BootstrapServers={kafka.BootstrapServers}", "Kafka:GroupProtocol=auto");

    private static Task<DeliveryResult<byte[], byte[]>> ProduceAsync(IProducer<byte[], byte[]> producer, RawRecord record) =>
        producer.ProduceAsync(
            new TopicPartition("events", record.Partition),
            new Message<byte[], byte[]> { Value = record.Value!, Headers = record.Headers }
        );

    private static Task CountsAsync(StorageHost storage, int listings, int bids) =>
        Eventually.HoldsAsync(
            async () =>
                await storage.Client.GetStringAsync("/storage/site/events/count") == $$"""{"listings":{{listings}},"bids":{{bids}}}""",
            $"{listings} listings and {bids} bids are stored"
        );

    private static Task ReadyAsync(StorageHost storage) =>
        Eventually.HoldsAsync(async () => (await storage.Client.GetAsync("/health/ready")).IsSuccessStatusCode, "storage is ready");
}
