using Confluent.Kafka;
using MassTransit.Kafka.Extensions;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Sends records or batches through the receive pipe and applies the endpoint's failure policy to what failed.</summary>
internal sealed class DeliveryHandler<TKey, TValue>(
    TopicEndpointSettings settings,
    TopicEndpointContext<TKey, TValue> endpoint,
    IReceivePipeDispatcher dispatcher,
    IErrorTopic errorTopic,
    EndpointHealth health,
    ILogger logger
) : ILaneHandler
    where TValue : class
{
    private readonly bool _deliversRaw = typeof(TValue) == typeof(RawRecord);

    public int MaxBatch => settings.BatchSize ?? 1;

    public async Task<bool> HandleAsync(PartitionLane lane, IReadOnlyList<ConsumeResult<byte[], byte[]>> records)
    {
        RiderMetrics.InFlight(settings, lane.Partition, records.Count);
        try
        {
            return await DeliverAsync(lane, records).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Nothing here is allowed to lose the record: it stays undone and is read again after the partition moved.
            logger.Held(exception, settings.Name, lane.Partition.Topic, lane.Partition.Partition.Value, records[0].Offset.Value);
            return false;
        }
        finally
        {
            RiderMetrics.InFlight(settings, lane.Partition, -records.Count);
        }
    }

    public async Task ReachedEndAsync(PartitionLane lane, long endOffset)
    {
        if (settings.Observer is not { } observer)
            return;
        var hold = new HoldState(settings, lane, endOffset, health, logger);
        while (true)
        {
            try
            {
                await observer
                    .ReachedEndAsync(lane.Partition.Topic, lane.Partition.Partition.Value, endOffset, lane.ClosingToken)
                    .ConfigureAwait(false);
                hold.Ended();
                return;
            }
            catch (Exception exception)
            {
                // The observer hears of every end once and in order, so what comes behind it waits.
                if (lane.IsClosed || !await hold.WaitAsync(exception).ConfigureAwait(false))
                    return;
            }
        }
    }

    private async Task<bool> DeliverAsync(PartitionLane lane, IReadOnlyList<ConsumeResult<byte[], byte[]>> records)
    {
        var hold = new HoldState(settings, lane, records[0].Offset.Value, health, logger);
        for (var attempt = 0; ; attempt++)
        {
            var context = CreateContext(lane, records, attempt);
            if (context is null)
                return true;
            var failure = await TryAsync(context).ConfigureAwait(false);
            if (failure is null)
            {
                hold.Ended();
                return true;
            }
            RiderMetrics.Failed(settings, lane.Partition);
            // A handler that was interrupted, or failed while its partition went away, is not judged: the next owner tries again.
            if (lane.IsClosed)
                return false;
            if (settings.FailurePolicy == FailurePolicy.HoldPartition)
            {
                if (!await hold.WaitAsync(failure).ConfigureAwait(false))
                    return false;
                continue;
            }
            if (records.Count > 1)
                return await DeliverHalvesAsync(lane, records).ConfigureAwait(false);
            return await GiveUpAsync(lane, records[0], context, failure).ConfigureAwait(false);
        }
    }

    private async Task<bool> DeliverHalvesAsync(PartitionLane lane, IReadOnlyList<ConsumeResult<byte[], byte[]>> records)
    {
        var half = records.Count / 2;
        return await DeliverAsync(lane, new ArraySegment<ConsumeResult<byte[], byte[]>>([.. records], 0, half)).ConfigureAwait(false)
            && await DeliverAsync(lane, new ArraySegment<ConsumeResult<byte[], byte[]>>([.. records], half, records.Count - half))
                .ConfigureAwait(false);
    }

    private async Task<bool> GiveUpAsync(
        PartitionLane lane,
        ConsumeResult<byte[], byte[]> record,
        KafkaReceiveContext context,
        Exception failure
    )
    {
        if (settings.FailurePolicy == FailurePolicy.ErrorTopic)
            return await errorTopic.MoveAsync(lane, record, context, failure).ConfigureAwait(false);
        logger.Discarded(failure, settings.Name, record.Topic, record.Partition.Value, record.Offset.Value);
        RiderMetrics.Discarded(settings, lane.Partition);
        return true;
    }

    // Null when there is nothing to deliver: a tombstone, for an endpoint that reads values.
    private KafkaReceiveContext? CreateContext(PartitionLane lane, IReadOnlyList<ConsumeResult<byte[], byte[]>> records, int attempt)
    {
        if (!_deliversRaw)
        {
            var tombstones = records.Count(record => record.Message.Value is null or { Length: 0 });
            if (tombstones == records.Count)
            {
                RiderMetrics.Skipped(settings, lane.Partition, tombstones);
                return null;
            }
        }
        if (settings.BatchSize is null)
            return new RecordReceiveContext<TKey, TValue>(endpoint, lane, records[0], attempt);
        RiderMetrics.Batch(settings, lane.Partition, records.Count);
        return new BatchReceiveContext<TKey, TValue>(endpoint, lane, records, attempt);
    }

    private async Task<Exception?> TryAsync(KafkaReceiveContext context)
    {
        try
        {
            await dispatcher.Dispatch(context, context).ConfigureAwait(false);
            if (context is { Failure: null, IsDelivered: false, IsFaulted: false })
                RiderMetrics.Skipped(settings, context.Topic, context.Partition, 1);
            return context.Failure;
        }
        catch (Exception exception)
        {
            return context.Failure ?? exception;
        }
    }
}
