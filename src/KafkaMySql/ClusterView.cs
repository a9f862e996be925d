namespace KafkaMySql;

/// <summary>Nodes and partitions as one heartbeat read them.</summary>
internal sealed record ClusterView(IReadOnlyList<ClusterNode> Nodes, IReadOnlyList<ClusterPartition> Partitions)
{
    public static readonly ClusterView Empty = new([], []);
}
