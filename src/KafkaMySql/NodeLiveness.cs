namespace KafkaMySql;

/// <summary>
/// Which nodes live: those whose heartbeat is younger than four seconds on the database's clock. When that clock stepped back, heartbeats
/// lie in its future; then a node lives while its heartbeat still changes.
/// </summary>
internal sealed class NodeLiveness
{
    private readonly Dictionary<int, (long SeenAt, TimeSpan Since)> _seen = [];

    public bool IsLive(ClusterNode node, TimeSpan now)
    {
        if (!_seen.TryGetValue(node.Number, out var seen) || seen.SeenAt != node.SeenAt)
            _seen[node.Number] = seen = (node.SeenAt, now);
        return node.Age < NodeLease.TakenAfter && (node.Age >= TimeSpan.Zero || now - seen.Since < NodeLease.TakenAfter);
    }
}
