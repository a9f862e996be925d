namespace KafkaMySql;

/// <summary>The append-only log of accepted events: the outbox from which the relay sends to Kafka.</summary>
public interface IEventLog
{
    /// <summary>
    /// Appends one event and completes when it is committed in MySQL. With an idempotency key that was seen before and the same body,
    /// nothing is appended and the first receipt comes back.
    /// </summary>
    /// <exception cref="EventLogException">The event was not made durable; the subclass says why and whether to try again.</exception>
    Task<LogReceipt> AppendAsync(LogEvent logEvent, CancellationToken cancellationToken);

    /// <summary>
    /// Appends many events; each has an outcome of its own, in the order of <paramref name="events"/>. Does not throw for a single event.
    /// Where the queue is full they wait for room, up to <see cref="OutboxOptions.CommitTimeout"/>.
    /// </summary>
    Task<IReadOnlyList<LogOutcome>> AppendManyAsync(IReadOnlyList<LogEvent> events, CancellationToken cancellationToken);
}
