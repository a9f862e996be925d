using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Middleware;
using MassTransit.Transports;
using MassTransit.Util;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// One try to handle a record or a batch. It is receive context and lock at once; the consume context is made, and the value
/// deserialized, when the receive pipe asks for it, so that a poison record fails inside the pipe like any other.
/// </summary>
internal abstract class KafkaReceiveContext(ITopicEndpointContext endpoint, PartitionLane lane, int attempt)
    : ScopePipeContext(endpoint),
        ReceiveContext,
        ReceiveLockContext,
        KafkaConsumeContext
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private PendingTaskCollection? _receiveTasks;
    private KafkaHeaderProvider? _provider;
    private Headers? _headers;
    private ConsumeContext? _consumeContext;
    private Exception? _consumerFailure;
    private bool _isReported;

    public override CancellationToken CancellationToken => lane.CancellationToken;

    public TimeSpan ElapsedTime => Stopwatch.GetElapsedTime(_started);

    public Uri InputAddress => endpoint.InputAddress;

    public ContentType ContentType => HeaderProvider.GetString(KafkaHeaderNames.ContentType) is { } text ? Parse(text)! : null!;

    public bool Redelivered => attempt > 0;

    public Headers TransportHeaders => _headers ??= new JsonTransportHeaders(endpoint.ReadHeaders(RawHeaders) ?? HeaderProvider);

    public Task ReceiveCompleted => _receiveTasks?.Completed(CancellationToken) ?? Task.CompletedTask;

    public bool IsDelivered { get; private set; }

    public bool IsFaulted { get; private set; }

    public ISendEndpointProvider SendEndpointProvider => endpoint.SendEndpointProvider;

    public IPublishEndpointProvider PublishEndpointProvider => endpoint.PublishEndpointProvider;

    public bool PublishFaults => endpoint.PublishFaults;

    public abstract MessageBody Body { get; }

    public string GroupId => endpoint.GroupId;

    public string Topic => lane.Partition.Topic;

    public int Partition => lane.Partition.Partition.Value;

    public abstract long Offset { get; }

    public abstract DateTime CheckpointUtcDateTime { get; }

    public abstract bool IsPartitionEof { get; }

    /// <summary>Why the try failed; null when it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The address of the topic the record really came from, also under a pattern.</summary>
    public Uri TopicAddress => endpoint.AddressOf(Topic);

    public abstract Guid MessageId { get; }

    protected abstract Confluent.Kafka.Headers? RawHeaders { get; }

    public KafkaHeaderProvider HeaderProvider => _provider ??= new KafkaHeaderProvider(RawHeaders);

    protected ITopicEndpointContext Endpoint => endpoint;

    protected PartitionLane Lane => lane;

    /// <summary>The failure was handed on: who still asks for the message gets none.</summary>
    public void Reported() => _isReported = true;

    public override bool HasPayloadType(Type payloadType) =>
        payloadType == typeof(ConsumeContext) ? !_isReported || _consumeContext is not null : base.HasPayloadType(payloadType);

    public override bool TryGetPayload<T>([NotNullWhen(true)] out T? payload)
        where T : class
    {
        if (typeof(T) == typeof(ConsumeContext))
        {
            if (_consumeContext is null && !_isReported)
            {
                if (Activity.Current is { IsAllDataRequested: true } activity)
                    Describe(activity);
                _consumeContext = CreateConsumeContext();
            }
            payload = (T?)_consumeContext;
            return payload is not null;
        }
        return base.TryGetPayload(out payload);
    }

    public void AddReceiveTask(Task task) => (_receiveTasks ??= new PendingTaskCollection(2)).Add(task);

    public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class
    {
        IsDelivered = true;
        context.LogConsumed(duration, consumerType);
        return endpoint.ReceiveObservers.PostConsume(context, duration, consumerType);
    }

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class
    {
        IsFaulted = true;
        _consumerFailure = exception;
        // The rider logs what becomes of the message, once; MassTransit's line would repeat itself with every try.
        GetOrAddPayload<ConsumerFaultContext>(() => new FaultedConsumer(TypeCache<T>.ShortName, consumerType));
        return endpoint.ReceiveObservers.ConsumeFault(context, duration, consumerType, exception);
    }

    public Task NotifyFaulted(Exception exception)
    {
        IsFaulted = true;
        return endpoint.ReceiveObservers.ReceiveFault(this, exception);
    }

    Task ReceiveLockContext.Complete() => Task.CompletedTask;

    Task ReceiveLockContext.Faulted(Exception exception)
    {
        // MassTransit replaces a consumer's cancellation by an exception that does not say what was cancelled.
        Failure = exception is ConsumerCanceledException && _consumerFailure is { } original ? original : exception;
        return Task.CompletedTask;
    }

    Task ReceiveLockContext.ValidateLockStatus() => Task.CompletedTask;

    protected abstract ConsumeContext CreateConsumeContext();

    private void Describe(Activity activity)
    {
        activity.SetTag("messaging.system", "kafka");
        activity.SetTag("messaging.destination.name", Topic);
        activity.SetTag("messaging.destination.partition.id", Partition);
        activity.SetTag("messaging.consumer.group.name", GroupId);
        activity.SetTag("messaging.kafka.offset", Offset);
    }

    private static ContentType? Parse(string text)
    {
        try
        {
            return new ContentType(text);
        }
        catch (FormatException)
        {
            // A foreign producer's header; the endpoint's own deserializer decides anyway.
            return null;
        }
    }

    private sealed class FaultedConsumer(string messageType, string consumerType) : ConsumerFaultContext
    {
        public string MessageType => messageType;

        public string ConsumerType => consumerType;
    }
}
