using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.Util;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Writes a failed record byte for byte to the error topic, with headers that say why and where from.</summary>
internal sealed class TopicErrorTransport(
    TopicEndpointSettings settings,
    NativeProducer producer,
    EndpointHealth health,
    TimeProvider clock,
    ILogger logger
) : IErrorTopic
{
    // Brokers refuse records with headers beyond reason, and a record that cannot be moved would hold its partition.
    private const int LongestText = 8_192;
    private static readonly TimeSpan CreateTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> _existing = new();

    public async Task<bool> MoveAsync(
        PartitionLane lane,
        ConsumeResult<byte[], byte[]> record,
        KafkaReceiveContext context,
        Exception failure
    )
    {
        var topic = settings.ErrorTopic ?? $"{record.Topic}.{settings.GroupId}.error";
        var message = new Message<byte[], byte[]>
        {
            Key = record.Message.Key!,
            Value = record.Message.Value!,
            Headers = HeadersOf(record, context, failure),
            Timestamp =
                record.Message.Timestamp.Type == TimestampType.NotAvailable
                    ? Timestamp.Default
                    : new Timestamp(record.Message.Timestamp.UtcDateTime),
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await EnsureAsync(topic, lane.ClosingToken).ConfigureAwait(false);
                await producer.ProduceAsync(topic, Partition.Any, message, lane.CancellationToken).ConfigureAwait(false);
                if (attempt > 1)
                {
                    lane.IsHeld = false;
                    health.Release(lane.Partition);
                }
                logger.Moved(failure, settings.Name, record.Topic, record.Partition.Value, record.Offset.Value, topic);
                RiderMetrics.Moved(settings, lane.Partition);
                return true;
            }
            catch (Exception exception) when (exception is KafkaException or OperationCanceledException)
            {
                if (lane.IsClosed)
                    return false;
                if (attempt == 1)
                {
                    lane.IsHeld = true;
                    health.Hold(lane.Partition, record.Offset.Value, exception);
                    logger.ErrorTopicDown(exception, settings.Name, topic, record.Topic, record.Partition.Value, record.Offset.Value);
                }
                var delay = Backoff.Delay(attempt, settings.FirstHold, settings.LongestHold);
                await Task.Delay(delay, lane.ClosingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!lane.IsClosed)
                    continue;
                health.Release(lane.Partition);
                return false;
            }
        }
    }

    // Brokers need not create topics by themselves. Whatever keeps us from it, producing will tell.
    private async Task EnsureAsync(string topic, CancellationToken cancellationToken)
    {
        if (_existing.ContainsKey(topic))
            return;
        var specification = new TopicSpecification
        {
            Name = topic,
            NumPartitions = -1,
            ReplicationFactor = -1,
        };
        var error = await TopicCreation
            .TryAsync(settings.Consumer, specification, CreateTimeout, logger, cancellationToken)
            .ConfigureAwait(false);
        if (error is not null)
            logger.TopicNotCreated(settings.Name, topic, error.Reason);
        _existing[topic] = true;
    }

    private Confluent.Kafka.Headers HeadersOf(ConsumeResult<byte[], byte[]> record, KafkaReceiveContext context, Exception failure)
    {
        var headers = new Confluent.Kafka.Headers();
        foreach (var header in record.Message.Headers ?? [])
            headers.Add(header.Key, header.GetValueBytes());

        var cause = failure.GetBaseException();
        Set(headers, MessageHeaders.Reason, "fault");
        Set(headers, MessageHeaders.FaultExceptionType, TypeCache.GetShortName(cause.GetType()));
        Set(headers, MessageHeaders.FaultMessage, ExceptionUtil.GetMessage(cause));
        Set(headers, MessageHeaders.FaultStackTrace, ExceptionUtil.GetStackTrace(cause));
        Set(headers, MessageHeaders.FaultTimestamp, clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        Set(headers, MessageHeaders.FaultInputAddress, context.InputAddress.ToString());
        if (context.TryGetPayload(out ConsumerFaultContext? consumer))
        {
            Set(headers, MessageHeaders.FaultConsumerType, consumer.ConsumerType);
            Set(headers, MessageHeaders.FaultMessageType, consumer.MessageType);
        }
        Set(headers, "MT-Fault-Topic", record.Topic);
        Set(headers, "MT-Fault-Partition", record.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Set(headers, "MT-Fault-Offset", record.Offset.Value.ToString(CultureInfo.InvariantCulture));
        return headers;
    }

    private static void Set(Confluent.Kafka.Headers headers, string key, string? value)
    {
        if (value is null)
            return;
        headers.Remove(key);
        headers.Add(key, Encoding.UTF8.GetBytes(value.Length > LongestText ? value[..LongestText] : value));
    }
}
