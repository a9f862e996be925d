using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A single record on its way to its consumers.</summary>
internal sealed class RecordReceiveContext<TKey, TValue>(
    TopicEndpointContext<TKey, TValue> endpoint,
    PartitionLane lane,
    ConsumeResult<byte[], byte[]> record,
    int attempt
) : KafkaReceiveContext(endpoint, lane, attempt), KafkaConsumeContext<TKey>
    where TValue : class
{
    private bool _hasKey;
    private TKey _key = default!;
    private Guid? _messageId;

    public override long Offset => record.Offset.Value;

    public override DateTime CheckpointUtcDateTime => record.Message.Timestamp.UtcDateTime;

    public override bool IsPartitionEof => Lane.HighWatermark >= 0 && record.Offset.Value + 1 >= Lane.HighWatermark;

    public override MessageBody Body => new BytesMessageBody(record.Message.Value ?? []);

    public override Guid MessageId =>
        _messageId ??= Guid.TryParse(HeaderProvider.GetString(Serializers.KafkaHeaderNames.MessageId), out var id)
            ? id
            : MessageIds.Of("record", Topic, Partition, Offset);

    public TKey Key
    {
        get
        {
            if (!_hasKey)
            {
                _key = endpoint.ReadKey(record);
                _hasKey = true;
            }
            return _key;
        }
    }

    protected override Confluent.Kafka.Headers? RawHeaders => record.Message.Headers;

    protected override ConsumeContext CreateConsumeContext() =>
        new KafkaMessageContext<TValue>(this, endpoint.ReadValue(record), CheckpointUtcDateTime);
}
