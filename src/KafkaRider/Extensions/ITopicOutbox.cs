namespace MassTransit.Kafka.Extensions;

/// <summary>
/// Takes the records a rider's producers would send to Kafka and makes them durable somewhere else first.
/// With an outbox configured, <c>ITopicProducer.Produce</c> completes when <see cref="AppendAsync"/> completes.
/// </summary>
public interface ITopicOutbox
{
    /// <summary>Completes when the record is durable. A failure goes to the caller of <c>Produce</c> as it is.</summary>
    Task AppendAsync(OutgoingRecord record, CancellationToken cancellationToken);
}
