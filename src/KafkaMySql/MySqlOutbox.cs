using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>What stands behind <c>ITopicProducer</c> when the outbox is on: the record becomes a row of the log.</summary>
internal sealed class MySqlOutbox(IEventLog log, IOptions<OutboxOptions> options) : ITopicOutbox
{
    private readonly Func<object, EventDescription> _describe =
        options.Value.Describe
        ?? throw new InvalidOperationException($"UseMySqlOutbox needs {OutboxOptions.Section}:{nameof(OutboxOptions.Describe)}.");

    public async Task AppendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var receipt = record.SendContext.TryGetPayload(out OutboxReceipt? wanted) ? wanted : null;
        var appended = await log.AppendAsync(EventOf(record, receipt?.Idempotency), cancellationToken).ConfigureAwait(false);
        if (receipt is not null)
            receipt.Receipt = appended;
    }

    private LogEvent EventOf(OutgoingRecord record, IdempotencyKey? idempotency)
    {
        if (record.Topic != options.Value.Topic)
            throw new LogEventRefusedException(
                $"The event log feeds topic {options.Value.Topic}; nothing is sent to {record.Topic} through it."
            );
        if (record.Key is null || record.Value is null || record.Message is null)
            throw new LogEventRefusedException("An event has a key and a value: records without, such as tombstones, cannot be logged.");
        var partition = KafkaPartitioner.PartitionOf(record.Key, options.Value.Partitions);
        if (record.Partition is { } asked && asked != partition)
            throw new LogEventRefusedException($"The key's partition is {partition}, not {asked}: in the log it follows from the key.");

        var description = _describe(record.Message);
        return new LogEvent
        {
            TraceId = description.TraceId,
            TypeId = description.TypeId,
            Digest = description.Digest,
            Key = record.Key,
            Value = record.Value,
            // Those of the relay's own names would stand twice on the record.
            Headers =
            [
                .. record
                    .Headers.Where(header => !LogHeaders.IsReserved(header.Key))
                    .Select(header => new KeyValuePair<string, byte[]>(header.Key, header.GetValueBytes() ?? [])),
            ],
            Idempotency = idempotency,
        };
    }
}
