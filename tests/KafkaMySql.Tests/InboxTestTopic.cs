using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MassTransit.Kafka.Extensions;

namespace KafkaMySql.Tests;

/// <summary>A topic of four partitions, each with a log of its own.</summary>
internal sealed class InboxTestTopic(string servers, string name) : IDisposable
{
    private readonly IProducer<byte[], byte[]> _producer = new ProducerBuilder<byte[], byte[]>(
        new ProducerConfig
        {
            BootstrapServers = servers,
            EnableIdempotence = true,
            LingerMs = 1,
        }
    ).Build();

    public const int Partitions = 4;

    public string Servers => servers;

    public string Name => name;

    public InboxTestLog[] Logs { get; } = [.. Enumerable.Range(0, Partitions).Select(partition => new InboxTestLog(partition))];

    public static async Task<InboxTestTopic> CreateAsync(string servers)
    {
        var topic = new InboxTestTopic(servers, $"inbox-{Guid.NewGuid():N}");
        await topic.CreateAsync();
        return topic;
    }

    public async Task CreateAsync()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        await admin.CreateTopicsAsync([
            new TopicSpecification
            {
                Name = name,
                NumPartitions = Partitions,
                ReplicationFactor = 1,
            },
        ]);
    }

    public async Task DeleteAsync()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        await admin.DeleteTopicsAsync([name]);
    }

    public void Send(IEnumerable<RawRecord> records)
    {
        var failed = 0;
        foreach (var record in records)
            _producer.Produce(
                new TopicPartition(name, record.Partition),
                new Message<byte[], byte[]>
                {
                    Key = record.Key!,
                    Value = record.Value!,
                    Headers = record.Headers,
                },
                report => failed += report.Error.IsError ? 1 : 0
            );
        _producer.Flush(TimeSpan.FromSeconds(30));
        failed.Should().Be(0);
    }

    public void Dispose() => _producer.Dispose();
}
