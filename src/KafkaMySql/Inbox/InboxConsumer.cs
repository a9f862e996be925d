using MassTransit;
using MassTransit.Kafka.Extensions;

namespace KafkaMySql;

/// <summary>Hands a partition's batch to the inbox; a failure holds the partition and the same batch comes again.</summary>
internal sealed class InboxConsumer(InboxWriter writer) : IConsumer<PartitionBatch<RawRecord>>
{
    public Task Consume(ConsumeContext<PartitionBatch<RawRecord>> context) =>
        writer.ApplyAsync(context.Message.Partition, context.Message.Messages, context.Message.HighWatermark, context.CancellationToken);
}
