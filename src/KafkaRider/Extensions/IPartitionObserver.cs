namespace MassTransit.Kafka.Extensions;

/// <summary>Follows the partitions of an endpoint and says where each is read from.</summary>
public interface IPartitionObserver
{
    /// <summary>
    /// A partition was assigned. Runs beside the poll loop while the partition is paused; a failure is logged once and tried again
    /// with back-off until it succeeds or the partition is taken away.
    /// </summary>
    /// <returns>The offset to read from; null for the committed offset or, where there is none, <c>AutoOffsetReset</c>.</returns>
    Task<long?> AssignedAsync(string topic, int partition, CancellationToken cancellationToken);

    /// <summary>
    /// All records of the partition up to <paramref name="endOffset"/>, its end at the time, were delivered and handled.
    /// Called in order with the partition's records.
    /// </summary>
    Task ReachedEndAsync(string topic, int partition, long endOffset, CancellationToken cancellationToken);

    /// <summary>The partition was revoked or lost, and nothing of it is in hand any more.</summary>
    Task ReleasedAsync(string topic, int partition);
}
