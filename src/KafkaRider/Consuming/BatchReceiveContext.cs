using System.Diagnostics;
using Confluent.Kafka;
using MassTransit.Kafka.Extensions;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What one poll returned for one partition, on its way through the pipe as one message.</summary>
internal sealed class BatchReceiveContext<TKey, TValue>(
    TopicEndpointContext<TKey, TValue> endpoint,
    PartitionLane lane,
    IReadOnlyList<ConsumeResult<byte[], byte[]>> records,
    int attempt
) : KafkaReceiveContext(endpoint, lane, attempt)
    where TValue : class
{
    private Guid? _messageId;

    public override long Offset => records[0].Offset.Value;

    public override DateTime CheckpointUtcDateTime => records[0].Message.Timestamp.UtcDateTime;

    public override bool IsPartitionEof => Lane.HighWatermark >= 0 && records[^1].Offset.Value + 1 >= Lane.HighWatermark;

    // A batch has no bytes of its own; its first record's stand for it where the pipe shows a size.
    public override MessageBody Body => new BytesMessageBody(records[0].Message.Value ?? []);

    public override Guid MessageId => _messageId ??= MessageIds.Of("batch", Topic, Partition, Offset);

    // A batch is one message with a place of its own; its records keep their headers.
    protected override Confluent.Kafka.Headers? RawHeaders => null;

    protected override ConsumeContext CreateConsumeContext()
    {
        var messages = new List<TValue>(records.Count);
        var offsets = new List<long>(records.Count);
        foreach (var record in records)
        {
            if (endpoint.ReadValue(record) is not { } value)
                continue;
            messages.Add(value);
            offsets.Add(record.Offset.Value);
        }
        Activity.Current?.SetTag("messaging.batch.message_count", messages.Count);
        if (messages.Count == 0)
            return new KafkaMessageContext<PartitionBatch<TValue>>(this, null, CheckpointUtcDateTime);
        var batch = new PartitionBatch<TValue>
        {
            Topic = Topic,
            Partition = Partition,
            Messages = messages,
            Offsets = offsets,
            HighWatermark = Lane.HighWatermark,
        };
        return new KafkaMessageContext<PartitionBatch<TValue>>(this, batch, CheckpointUtcDateTime);
    }
}
