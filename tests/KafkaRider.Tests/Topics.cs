using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace KafkaRider.Tests;

/// <summary>What tests do to topics beside the rider, with a bare client.</summary>
internal sealed class Topics(string servers)
{
    public string Servers => servers;

    public async Task<string> CreateAsync(int partitions = 1)
    {
        var name = $"t-{Guid.NewGuid():N}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        await admin.CreateTopicsAsync([
            new TopicSpecification
            {
                Name = name,
                NumPartitions = partitions,
                ReplicationFactor = 1,
            },
        ]);
        return name;
    }

    public void Write(string topic, int partition, params string?[] values) =>
        Write(topic, values.Select(value => (partition, value is null ? null : System.Text.Encoding.UTF8.GetBytes(value))));

    public void Write(string topic, IEnumerable<(int Partition, byte[]? Value)> records)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig
            {
                BootstrapServers = servers,
                LingerMs = 1,
                QueueBufferingMaxMessages = 1_000_000,
            }
        ).Build();
        var failed = 0;
        foreach (var (partition, value) in records)
            producer.Produce(
                new TopicPartition(topic, partition),
                new Message<byte[], byte[]> { Value = value! },
                report => failed += report.Error.IsError ? 1 : 0
            );
        producer.Flush(TimeSpan.FromSeconds(30));
        failed.Should().Be(0);
    }

    /// <summary>All records of a topic, by partition and offset.</summary>
    public List<ConsumeResult<byte[], byte[]>> Read(string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        var metadata = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single();
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = servers,
                GroupId = $"read-{Guid.NewGuid():N}",
                EnableAutoCommit = false,
            }
        ).Build();
        var records = new List<ConsumeResult<byte[], byte[]>>();
        foreach (var partition in metadata.Partitions.Select(p => new TopicPartition(topic, p.PartitionId)))
        {
            var end = consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(10)).High.Value;
            consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
            for (var next = 0L; next < end; )
            {
                if (consumer.Consume(TimeSpan.FromSeconds(10)) is not { } record)
                    throw new TimeoutException($"{partition} ends at {next} instead of {end}.");
                records.Add(record);
                next = record.Offset.Value + 1;
            }
        }
        return records;
    }

    public async Task<long> CommittedAsync(string group, string topic, int partition)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        var result = await admin.ListConsumerGroupOffsetsAsync([
            new ConsumerGroupTopicPartitions(group, [new TopicPartition(topic, partition)]),
        ]);
        return result[0].Partitions[0].Offset.Value;
    }
}
