using MassTransit.Kafka.Extensions;

namespace KafkaMySql;

/// <summary>Says where a partition is read from, and sees when there is nothing left to read.</summary>
internal sealed class InboxPartitionObserver(InboxWriter writer, InboxWatch watch) : IPartitionObserver
{
    public async Task<long?> AssignedAsync(string topic, int partition, CancellationToken cancellationToken) =>
        await writer.BeginAsync(partition, cancellationToken).ConfigureAwait(false);

    public Task ReachedEndAsync(string topic, int partition, long endOffset, CancellationToken cancellationToken)
    {
        writer.LaneOf(partition).ReachedEnd(endOffset);
        watch.Look();
        return Task.CompletedTask;
    }

    public Task ReleasedAsync(string topic, int partition) => writer.LaneOf(partition).EndAsync();
}
