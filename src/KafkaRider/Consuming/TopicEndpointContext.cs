using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.Kafka.Extensions;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What all messages of a topic endpoint share. Publishing and sending from a consumer go to the bus.</summary>
internal sealed class TopicEndpointContext<TKey, TValue> : BaseReceiveEndpointContext, ITopicEndpointContext
    where TValue : class
{
    private readonly IBusInstance _busInstance;
    private readonly IDeserializer<TKey> _keyDeserializer;
    private readonly IDeserializer<TValue>? _valueDeserializer;
    private readonly IHeadersDeserializer? _headersDeserializer;
    private readonly ConcurrentDictionary<string, Uri> _addresses = new();

    // The value deserializer is null when records are delivered raw, the headers deserializer for the default form.
    public TopicEndpointContext(
        IBusInstance busInstance,
        IReceiveEndpointConfiguration configuration,
        string groupId,
        IDeserializer<TKey> keyDeserializer,
        IDeserializer<TValue>? valueDeserializer,
        IHeadersDeserializer? headersDeserializer
    )
        : base(busInstance.HostConfiguration, configuration)
    {
        _busInstance = busInstance;
        _keyDeserializer = keyDeserializer;
        _valueDeserializer = valueDeserializer;
        _headersDeserializer = headersDeserializer;
        GroupId = groupId;
        GetOrAddPayload(() => busInstance.HostConfiguration.Topology);
    }

    public string GroupId { get; }

    public Uri AddressOf(string topic) =>
        _addresses.TryGetValue(topic, out var address)
            ? address
            : _addresses.GetOrAdd(topic, name => new KafkaTopicAddress(_busInstance.HostConfiguration.HostAddress, name));

    public IHeaderProvider? ReadHeaders(Confluent.Kafka.Headers? headers) => _headersDeserializer?.Deserialize(headers ?? []);

    public TKey ReadKey(ConsumeResult<byte[], byte[]> record) =>
        _keyDeserializer.Deserialize(
            record.Message.Key,
            record.Message.Key is null,
            new SerializationContext(MessageComponentType.Key, record.Topic, record.Message.Headers)
        );

    /// <summary>Null for a tombstone.</summary>
    public TValue? ReadValue(ConsumeResult<byte[], byte[]> record)
    {
        if (_valueDeserializer is null)
            return (TValue)(object)Raw(record);
        if (record.Message.Value is not { } value)
            return null;
        return _valueDeserializer.Deserialize(
            value,
            false,
            new SerializationContext(MessageComponentType.Value, record.Topic, record.Message.Headers)
        );
    }

    // The rider has no agents beside its transport, which the endpoint stops.
    public override void AddSendAgent(IAgent agent) { }

    public override void AddConsumeAgent(IAgent agent) { }

    public override Exception ConvertException(Exception exception, string message) => new KafkaConnectionException(message, exception);

    protected override ISendEndpointProvider CreateSendEndpointProvider() => _busInstance.Bus;

    protected override IPublishEndpointProvider CreatePublishEndpointProvider() => _busInstance.Bus;

    protected override ISendTransportProvider CreateSendTransportProvider() =>
        throw new NotSupportedException("A topic endpoint sends through the bus.");

    protected override IPublishTransportProvider CreatePublishTransportProvider() =>
        throw new NotSupportedException("A topic endpoint publishes through the bus.");

    private static RawRecord Raw(ConsumeResult<byte[], byte[]> record) =>
        new()
        {
            Topic = record.Topic,
            Partition = record.Partition.Value,
            Offset = record.Offset.Value,
            Timestamp = record.Message.Timestamp.UtcDateTime,
            Key = record.Message.Key,
            Value = record.Message.Value,
            Headers = record.Message.Headers,
        };
}
