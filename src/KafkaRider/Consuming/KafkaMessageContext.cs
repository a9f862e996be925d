using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MassTransit.Context;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Metadata;
using MassTransit.Serialization;
using MassTransit.Util;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// The consume context of a record or a batch. Dispatch goes by the type of the message object; without one (a tombstone, or a value
/// its deserializer made nothing of) no consumer is found and the record is skipped.
/// </summary>
internal sealed class KafkaMessageContext<T> : BaseConsumeContext, ConsumeContext<T>
    where T : class
{
    private readonly KafkaReceiveContext _receive;
    private readonly DateTime _sentTime;
    private PendingTaskCollection? _consumeTasks;

    public KafkaMessageContext(KafkaReceiveContext receive, T? message, DateTime sentTime)
        : base(receive, new Serializer(receive))
    {
        _receive = receive;
        _sentTime = sentTime;
        Message = message!;
        ((Serializer)SerializerContext).Context = this;
    }

    public T Message { get; }

    public override Task ConsumeCompleted => _consumeTasks?.Completed(CancellationToken) ?? Task.CompletedTask;

    public override Guid? MessageId => _receive.MessageId;

    public override Guid? RequestId => null;

    public override Guid? CorrelationId => Id(KafkaHeaderNames.CorrelationId);

    public override Guid? ConversationId => Id(KafkaHeaderNames.ConversationId);

    public override Guid? InitiatorId => Id(KafkaHeaderNames.InitiatorId);

    public override DateTime? ExpirationTime => null;

    public override Uri SourceAddress =>
        Uri.TryCreate(_receive.HeaderProvider.GetString(KafkaHeaderNames.SourceAddress), UriKind.Absolute, out var uri) ? uri : null!;

    public override Uri DestinationAddress => _receive.TopicAddress;

    // The base class was written before nullable annotations: these are null where there is none.
    public override Uri ResponseAddress => null!;

    public override Uri FaultAddress => null!;

    public override DateTime? SentTime => _sentTime;

    public override Headers Headers => _receive.TransportHeaders;

    public override HostInfo Host => HostMetadataCache.Empty;

    public override IEnumerable<string> SupportedMessageTypes => TypeNames;

    private string[] TypeNames => Message is null ? [] : MessageTypeCache.GetMessageTypeNames(Message.GetType());

    public override bool HasMessageType(Type messageType) => messageType.IsInstanceOfType(Message);

    public override bool TryGetMessage<TMessage>([NotNullWhen(true)] out ConsumeContext<TMessage>? consumeContext)
        where TMessage : class
    {
        if (Message is not TMessage message)
        {
            consumeContext = null;
            return false;
        }
        consumeContext =
            typeof(TMessage) == typeof(T) ? (ConsumeContext<TMessage>)(object)this : new MessageConsumeContext<TMessage>(this, message);
        return true;
    }

    public override bool HasPayloadType(Type payloadType) => payloadType.IsInstanceOfType(this) || _receive.HasPayloadType(payloadType);

    public override bool TryGetPayload<TPayload>([NotNullWhen(true)] out TPayload? payload)
        where TPayload : class
    {
        if (this is TPayload self)
        {
            payload = self;
            return true;
        }
        return _receive.TryGetPayload(out payload);
    }

    public override TPayload GetOrAddPayload<TPayload>(PayloadFactory<TPayload> payloadFactory) =>
        this is TPayload self ? self : _receive.GetOrAddPayload(payloadFactory);

    public override TPayload AddOrUpdatePayload<TPayload>(
        PayloadFactory<TPayload> addFactory,
        UpdatePayloadFactory<TPayload> updateFactory
    ) => this is TPayload self ? self : _receive.AddOrUpdatePayload(addFactory, updateFactory);

    public override void AddConsumeTask(Task task) => (_consumeTasks ??= new PendingTaskCollection(2)).Add(task);

    public Task NotifyConsumed(TimeSpan duration, string consumerType) => NotifyConsumed(this, duration, consumerType);

    public Task NotifyFaulted(TimeSpan duration, string consumerType, Exception exception) =>
        NotifyFaulted(this, duration, consumerType, exception);

    // What becomes of the message is the endpoint's failure policy; a fault event on the bus is not part of it.
    protected override Task GenerateFault<TMessage>(ConsumeContext<TMessage> context, Exception exception) => Task.CompletedTask;

    private Guid? Id(string name) => Guid.TryParse(_receive.HeaderProvider.GetString(name), out var id) ? id : null;

    /// <summary>What the pipe asks of a serializer: enough to forward or schedule the message on the bus.</summary>
    private sealed class Serializer(KafkaReceiveContext receive) : SerializerContext
    {
        public KafkaMessageContext<T> Context { get; set; } = null!;

        public Guid? MessageId => receive.MessageId;

        public Guid? RequestId => null;

        public Guid? CorrelationId => Context.CorrelationId;

        public Guid? ConversationId => Context.ConversationId;

        public Guid? InitiatorId => Context.InitiatorId;

        public DateTime? ExpirationTime => null;

        public Uri? SourceAddress => Context.SourceAddress;

        public Uri? DestinationAddress => Context.DestinationAddress;

        public Uri? ResponseAddress => null;

        public Uri? FaultAddress => null;

        public DateTime? SentTime => Context.SentTime;

        public Headers Headers => Context.Headers;

        public HostInfo Host => Context.Host;

        public string[] SupportedMessageTypes => Context.TypeNames;

        public bool IsSupportedMessageType<TMessage>()
            where TMessage : class => Context.Message is TMessage;

        public bool IsSupportedMessageType(Type messageType) => messageType.IsInstanceOfType(Context.Message);

        public bool TryGetMessage<TMessage>([NotNullWhen(true)] out TMessage? message)
            where TMessage : class
        {
            message = Context.Message as TMessage;
            return message is not null;
        }

        public bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
        {
            message = messageType.IsInstanceOfType(Context.Message) ? Context.Message : null;
            return message is not null;
        }

        public IMessageSerializer GetMessageSerializer() => GetMessageSerializer(Context.Message, SupportedMessageTypes);

        public IMessageSerializer GetMessageSerializer<TMessage>(MessageEnvelope envelope, TMessage message)
            where TMessage : class =>
            new SystemTextJsonBodyMessageSerializer(
                envelope,
                SystemTextJsonMessageSerializer.JsonContentType,
                SystemTextJsonMessageSerializer.Options
            );

        public IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) =>
            new SystemTextJsonBodyMessageSerializer(
                new JsonMessageEnvelope(this, message, messageTypes),
                SystemTextJsonMessageSerializer.JsonContentType,
                SystemTextJsonMessageSerializer.Options
            );

        public Dictionary<string, object> ToDictionary<TMessage>(TMessage? message)
            where TMessage : class =>
            message is null
                ? []
                : JsonSerializer.Deserialize<Dictionary<string, object>>(
                    JsonSerializer.SerializeToUtf8Bytes(message, SystemTextJsonMessageSerializer.Options),
                    SystemTextJsonMessageSerializer.Options
                )!;

        public TValue? DeserializeObject<TValue>(object? value, TValue? defaultValue)
            where TValue : class => SystemTextJsonMessageSerializer.Instance.DeserializeObject(value, defaultValue);

        public TValue? DeserializeObject<TValue>(object? value, TValue? defaultValue)
            where TValue : struct => SystemTextJsonMessageSerializer.Instance.DeserializeObject(value, defaultValue);

        public MessageBody SerializeObject(object? value) => SystemTextJsonMessageSerializer.Instance.SerializeObject(value);
    }
}
