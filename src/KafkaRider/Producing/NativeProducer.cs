using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.KafkaIntegration.Consuming;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>
/// One native client, shared by all producers with the same settings. Made at first use, made anew after a stop or a fatal error.
/// </summary>
internal sealed class NativeProducer(ProducerConfig config, ClientCallbacks callbacks, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FullQueuePause = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _room = new(1, 1);
    private IProducer<byte[], byte[]>? _producer;
    private readonly ConcurrentDictionary<Delivery, bool> _pending = new();
    private int _waitingForRoom;
    private volatile bool _isDown;

    /// <summary>False while no broker can be reached.</summary>
    public bool IsHealthy => !_isDown;

    /// <summary>The brokers, for messages.</summary>
    public string Servers => config.BootstrapServers ?? "(none)";

    /// <summary>Completes when the record is acknowledged. Waits for room when the queue is full, first come, first served.</summary>
    public Task ProduceAsync(string topic, Partition partition, Message<byte[], byte[]> message, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        var delivery = new Delivery(this, cancellationToken);
        if (Volatile.Read(ref _waitingForRoom) > 0 || !TryEnqueue(topic, partition, message, delivery))
            return WaitForRoomAsync(topic, partition, message, delivery, cancellationToken);
        return delivery.Task;
    }

    /// <summary>Hands everything queued to the brokers, for at most 10 s, and lets the native client go.</summary>
    public void Dispose()
    {
        IProducer<byte[], byte[]>? producer;
        lock (_lock)
        {
            producer = _producer;
            _producer = null;
        }
        if (producer is null)
            return;
        Close(producer);
    }

    private async Task WaitForRoomAsync(
        string topic,
        Partition partition,
        Message<byte[], byte[]> message,
        Delivery delivery,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _waitingForRoom);
        try
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                while (!TryEnqueue(topic, partition, message, delivery))
                    await Task.Delay(FullQueuePause, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _room.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waitingForRoom);
        }
        await delivery.Task.ConfigureAwait(false);
    }

    private bool TryEnqueue(string topic, Partition partition, Message<byte[], byte[]> message, Delivery delivery)
    {
        var producer = Get();
        delivery.Producer = producer;
        try
        {
            if (config.EnableDeliveryReports == false)
            {
                producer.Produce(new TopicPartition(topic, partition), message);
                delivery.TrySetResult();
            }
            else
            {
                _pending[delivery] = true;
                producer.Produce(new TopicPartition(topic, partition), message, delivery.Handler);
            }
            return true;
        }
        catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            _pending.TryRemove(delivery, out _);
            return false;
        }
        catch (KafkaException exception) when (exception.Error.IsFatal || exception.Error.Code == ErrorCode.Local_Fatal)
        {
            _pending.TryRemove(delivery, out _);
            Replace(producer);
            throw;
        }
        catch
        {
            _pending.TryRemove(delivery, out _);
            throw;
        }
    }

    private IProducer<byte[], byte[]> Get()
    {
        if (Volatile.Read(ref _producer) is { } existing)
            return existing;
        lock (_lock)
        {
            return _producer ??= Build();
        }
    }

    private IProducer<byte[], byte[]> Build()
    {
        var builder = new ProducerBuilder<byte[], byte[]>(config)
            .SetErrorHandler((producer, error) => OnError(producer, error))
            .SetLogHandler((_, message) => logger.Native(message));
        builder.SetStatisticsHandler((_, json) => OnStatistics(json));
        if (callbacks.OAuthBearerTokenRefresh is { } refresh)
            builder.SetOAuthBearerTokenRefreshHandler(refresh);
        return builder.Build();
    }

    private void OnError(IProducer<byte[], byte[]> producer, Error error)
    {
        if (error.IsFatal)
        {
            logger.ProducerFatal(Servers, error.Reason);
            Replace(producer);
        }
        else if (error.Code == ErrorCode.Local_AllBrokersDown && !_isDown)
        {
            _isDown = true;
            logger.ProducerDown(Servers, error.Reason);
        }
    }

    private void OnStatistics(string json)
    {
        if (_isDown && ClientStatistics.Parse(json).HasBroker)
            OnDelivered();
        callbacks.Statistics?.Invoke(json);
    }

    private void OnDelivered()
    {
        if (!_isDown)
            return;
        _isDown = false;
        logger.ProducerUp(Servers);
    }

    // A client that met a fatal error answers every call with it; the next record gets a new client.
    private void Replace(IProducer<byte[], byte[]> producer)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_producer, producer))
                return;
            _producer = null;
        }
        // Not on the callback's own thread, which Dispose waits for.
        _ = Task.Run(() => Close(producer));
    }

    private void Close(IProducer<byte[], byte[]> producer)
    {
        var left = producer.Flush(FlushTimeout);
        producer.Dispose();
        if (left > 0)
            logger.RecordsLeftBehind(left, Servers);
        // The client tells nothing about records it was disposed with, and nobody shall wait for them for ever.
        foreach (var delivery in _pending.Keys)
            if (ReferenceEquals(delivery.Producer, producer))
                delivery.TrySetException(
                    new KafkaConnectionException("The producer was closed before the record was acknowledged; it may be written or not.")
                );
    }

    private sealed class Delivery : TaskCompletionSource
    {
        private readonly NativeProducer _owner;
        private readonly CancellationTokenRegistration _registration;

        public Delivery(NativeProducer owner, CancellationToken cancellationToken)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _owner = owner;
            Handler = OnReport;
            if (cancellationToken.CanBeCanceled)
                _registration = cancellationToken.UnsafeRegister(static (state, token) => ((Delivery)state!).TrySetCanceled(token), this);
        }

        public Action<DeliveryReport<byte[], byte[]>> Handler { get; }

        public IProducer<byte[], byte[]>? Producer { get; set; }

        private void OnReport(DeliveryReport<byte[], byte[]> report)
        {
            _registration.Dispose();
            _owner._pending.TryRemove(this, out _);
            if (!report.Error.IsError)
            {
                _owner.OnDelivered();
                TrySetResult();
                return;
            }
            if (report.Error.IsFatal || report.Error.Code == ErrorCode.Local_Fatal)
                _owner.Replace(Producer!);
            TrySetException(new ProduceException<byte[], byte[]>(report.Error, report));
        }
    }
}
