using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.Initializers;
using MassTransit.Kafka.Extensions;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Logging;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>Runs the send pipe and the serializers of one topic and hands the record to Kafka or the outbox.</summary>
internal sealed class TopicProducer<TKey, TValue> : BaseSendTransportContext, ITopicProducerCore
    where TValue : class
{
    private readonly TopicProducerSettings<TKey, TValue> _settings;
    private readonly IHostConfiguration _hostConfiguration;
    private readonly ISendPipe _sendPipe;
    private readonly Uri _address;

    public TopicProducer(
        TopicProducerSettings<TKey, TValue> settings,
        IHostConfiguration hostConfiguration,
        ISendPipe sendPipe,
        ISerialization serialization
    )
        : base(hostConfiguration, serialization)
    {
        _settings = settings;
        _hostConfiguration = hostConfiguration;
        _sendPipe = sendPipe;
        _address = new KafkaTopicAddress(hostConfiguration.HostAddress, settings.Topic);
    }

    public override string EntityName => _settings.Topic;

    public override string ActivitySystem => "kafka";

    public Type KeyType => typeof(TKey);

    public Type ValueType => typeof(TValue);

    public override Task<SendContext<T>> CreateSendContext<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A topic's records are produced by its ITopicProducer.");

    public async Task ProduceAsync(
        TKey key,
        object values,
        IPipe<KafkaSendContext<TKey, TValue>>? pipe,
        ProduceScope scope,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        var (message, initializerPipe) = await MessageInitializerCache<TValue>
            .InitializeMessage(values, cancellationToken)
            .ConfigureAwait(false);
        var context = CreateContext(key, message, scope, cancellationToken);
        if (initializerPipe.IsNotEmpty())
            await initializerPipe.Send(context).ConfigureAwait(false);
        await SendAsync(context, pipe, scope).ConfigureAwait(false);
    }

    public Task ProduceAsync(
        TKey key,
        TValue message,
        IPipe<KafkaSendContext<TKey, TValue>>? pipe,
        ProduceScope scope,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync(CreateContext(key, message, scope, cancellationToken), pipe, scope);
    }

    /// <summary>Completes each item by itself; a failed item does not hold up the others.</summary>
    public async Task<IReadOnlyList<ProduceResult>> ProduceBatchAsync(
        IReadOnlyList<KeyValuePair<TKey, TValue>> items,
        ProduceScope scope,
        CancellationToken cancellationToken
    )
    {
        var sends = new Task[items.Count];
        for (var i = 0; i < sends.Length; i++)
            sends[i] = ProduceAsync(items[i].Key, items[i].Value, null, scope, cancellationToken);
        var results = new ProduceResult[sends.Length];
        for (var i = 0; i < sends.Length; i++)
        {
            try
            {
                await sends[i].ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                results[i] = new ProduceResult(exception);
            }
        }
        return results;
    }

    public async Task ProduceTombstoneAsync(TKey key, ProduceScope scope, CancellationToken cancellationToken)
    {
        var context = new KafkaTopicSendContext<TKey, Tombstone>(
            key,
            Tombstone.Instance,
            _settings.KeySerializer,
            Tombstone.Serializer,
            cancellationToken
        );
        Prepare(context, scope);
        var keyBytes = await SerializeKeyAsync(context, headers: new Confluent.Kafka.Headers()).ConfigureAwait(false);
        var record = new OutgoingRecord
        {
            Topic = _settings.Topic,
            Key = keyBytes,
            Value = null,
            Headers = _settings.HeadersSerializer.Serialize(context),
            Message = null,
            SendContext = context,
        };
        await DispatchAsync(record, context, scope).ConfigureAwait(false);
    }

    private KafkaTopicSendContext<TKey, TValue> CreateContext(
        TKey key,
        TValue message,
        ProduceScope scope,
        CancellationToken cancellationToken
    )
    {
        var context = new KafkaTopicSendContext<TKey, TValue>(
            key,
            message,
            _settings.KeySerializer,
            _settings.ValueSerializer,
            cancellationToken
        );
        Prepare(context, scope);
        return context;
    }

    private void Prepare(SendContext context, ProduceScope scope)
    {
        MassTransit.LogContext.SetCurrentIfNull(LogContext);
        context.DestinationAddress = _address;
        context.SourceAddress = _hostConfiguration.HostAddress;
        context.Serialization = Serialization;
        if (scope.Services is { } services)
            context.GetOrAddPayload(() => services);
        if (scope.ConsumeContext is { } consumeContext)
            context.TransferConsumeContextHeaders(consumeContext);
        context.ConversationId ??= NewId.NextGuid();
    }

    private async Task SendAsync(
        KafkaTopicSendContext<TKey, TValue> context,
        IPipe<KafkaSendContext<TKey, TValue>>? pipe,
        ProduceScope scope
    )
    {
        if (pipe.IsNotEmpty())
            await pipe!.Send(context).ConfigureAwait(false);
        await _sendPipe.Send<TValue>(context).ConfigureAwait(false);

        var activity = LogContext.StartSendActivity(this, context, ("messaging.kafka.destination.partition", PartitionOrNull(context)));
        var instrument = LogContext.StartSendInstrument(this, context);
        try
        {
            if (SendObservers.Count > 0)
                await SendObservers.PreSend(context).ConfigureAwait(false);
            var record = await SerializeAsync(context).ConfigureAwait(false);
            await DispatchAsync(record, context, scope).ConfigureAwait(false);
            if (SendObservers.Count > 0)
                await SendObservers.PostSend(context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (SendObservers.Count > 0)
                await SendObservers.SendFault(context, exception).ConfigureAwait(false);
            activity?.AddExceptionEvent(exception);
            instrument?.AddException(exception);
            throw;
        }
        finally
        {
            activity?.Stop();
            instrument?.Stop();
        }
    }

    private async Task<OutgoingRecord> SerializeAsync(KafkaTopicSendContext<TKey, TValue> context)
    {
        var headers = _settings.HeadersSerializer.Serialize(context);
        var key = await SerializeKeyAsync(context, headers).ConfigureAwait(false);
        var value = await context
            .ValueSerializer.SerializeAsync(context.Message, new SerializationContext(MessageComponentType.Value, _settings.Topic, headers))
            .ConfigureAwait(false);
        return new OutgoingRecord
        {
            Topic = _settings.Topic,
            Partition = PartitionOrNull(context),
            Key = key,
            Value = value,
            Headers = headers,
            Message = context.Message,
            SendContext = context,
        };
    }

    private async Task<byte[]?> SerializeKeyAsync<T>(KafkaTopicSendContext<TKey, T> context, Confluent.Kafka.Headers headers)
        where T : class
    {
        if (context.Key is null)
            return null;
        return await context
            .KeySerializer.SerializeAsync(context.Key, new SerializationContext(MessageComponentType.Key, _settings.Topic, headers))
            .ConfigureAwait(false);
    }

    private Task DispatchAsync(OutgoingRecord record, SendContext context, ProduceScope scope)
    {
        // The actions of a consumer's outbox run after its scope is gone, so only finished bytes are deferred.
        if (scope.Outbox is { } pending)
            return pending.Add(() => DeliverAsync(record, CancellationToken.None));
        return DeliverAsync(record, context.CancellationToken);
    }

    private Task DeliverAsync(OutgoingRecord record, CancellationToken cancellationToken) =>
        _settings.Outbox is { } outbox
            ? outbox.AppendAsync(record, cancellationToken)
            : _settings.Native.ProduceAsync(
                record.Topic,
                record.Partition is { } partition ? new Partition(partition) : Partition.Any,
                new Message<byte[], byte[]>
                {
                    Key = record.Key!,
                    Value = record.Value!,
                    Headers = record.Headers,
                    Timestamp = record.SendContext.SentTime is { } sent ? new Timestamp(sent) : Timestamp.Default,
                },
                cancellationToken
            );

    private static int? PartitionOrNull(KafkaTopicSendContext<TKey, TValue> context) =>
        context.Partition == Partition.Any ? null : context.Partition.Value;
}
