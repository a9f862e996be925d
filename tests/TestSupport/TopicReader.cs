using Confluent.Kafka;

namespace TestSupport;

/// <summary>Reads what is on a topic, without any of the product's code.</summary>
public static class TopicReader
{
    /// <summary>Every record of every partition, as of now.</summary>
    public static List<ConsumeResult<string?, string>> ReadAll(string bootstrapServers, string topic)
    {
        using var consumer = new ConsumerBuilder<string?, string>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrapServers,
                GroupId = "checker",
                EnablePartitionEof = true,
                EnableAutoCommit = false,
            }
        ).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics.Single().Partitions.Count;
        if (partitions == 0)
            throw new InvalidOperationException($"There is no topic {topic} yet.");
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var records = new List<ConsumeResult<string?, string>>();
        for (var ends = 0; ends < partitions; )
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException("The topic does not answer.");
            if (result.IsPartitionEOF)
                ends++;
            else
                records.Add(result);
        }
        return records;
    }
}
