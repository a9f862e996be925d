namespace KafkaMySql;

/// <summary>Gives trace ids under the process's lease.</summary>
internal sealed class TraceIdSource(Node node, TimeProvider clock) : ITraceIdSource
{
    public long Next()
    {
        if (node.LiveLease is not { } lease)
            throw new LogUnavailableException(
                "No trace ids can be given: the node's lease in the database is not confirmed.",
                false,
                TimeSpan.FromSeconds(1),
                null
            );
        return node.TraceIds.TryNext(Node.Nanoseconds(clock.GetUtcNow()), lease.TraceIdLimit, out var id)
            ? (long)id
            : throw new LogUnavailableException(
                "No trace ids can be given: the clock jumped, or too many were asked for.",
                false,
                TimeSpan.FromSeconds(1),
                null
            );
    }
}
