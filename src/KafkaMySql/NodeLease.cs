namespace KafkaMySql;

/// <summary>A node number as the last good heartbeat confirmed it.</summary>
/// <param name="Node">0 to 63.</param>
/// <param name="TraceIdLimit">No trace id above it was promised to the database.</param>
/// <param name="SentAt">When that heartbeat was sent, as the clock's timestamp.</param>
internal sealed record NodeLease(int Node, ulong TraceIdLimit, long SentAt)
{
    /// <summary>How long after a heartbeat was sent the holder may act; on the database's clock others wait a second longer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan TakenAfter = TimeSpan.FromSeconds(4);

    public bool IsLive(TimeProvider clock) => clock.GetElapsedTime(SentAt) < Lifetime;
}
