using Confluent.Kafka;
using MassTransit.Kafka.Extensions;

namespace KafkaRider.Tests;

public sealed class EmbeddedKafkaTests
{
    [Fact]
    public async Task A_record_produced_to_a_created_topic_is_consumed_from_its_partition()
    {
        using var broker = new EmbeddedKafka();
        broker.CreateTopic("events", 3);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build();

        var sent = await producer.ProduceAsync(
            new TopicPartition("events", 2),
            new Message<string, string> { Key = "7", Value = "seven" },
            TestContext.Current.CancellationToken
        );

        using var consumer = new ConsumerBuilder<string, string>(
            new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "readers" }
        ).Build();
        consumer.Assign(new TopicPartitionOffset(sent.TopicPartition, Offset.Beginning));
        consumer.Consume(TimeSpan.FromSeconds(20)).Message.Value.Should().Be("seven");
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        admin.GetMetadata("events", TimeSpan.FromSeconds(10)).Topics.Single().Partitions.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_broker_that_was_down_takes_records_again_when_it_is_up()
    {
        using var broker = new EmbeddedKafka();
        broker.CreateTopic("events", 1);
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers, ReconnectBackoffMaxMs = 100 }
        ).Build();
        await producer.ProduceAsync("events", new Message<Null, string> { Value = "before" }, TestContext.Current.CancellationToken);

        broker.TakeDown();
        var during = producer.ProduceAsync("events", new Message<Null, string> { Value = "during" }, TestContext.Current.CancellationToken);
        during.IsCompleted.Should().BeFalse();
        broker.BringUp();

        (await during.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Offset.Value.Should().Be(1);
    }

    [Fact]
    public void Creating_a_topic_twice_says_which()
    {
        using var broker = new EmbeddedKafka();
        broker.CreateTopic("events", 1);
        var again = () => broker.CreateTopic("events", 1);
        again.Should().Throw<InvalidOperationException>().WithMessage("*'events'*");
    }
}
