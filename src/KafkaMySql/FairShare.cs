namespace KafkaMySql;

/// <summary>Which partitions a node takes and gives up, so that all live nodes have the same number, give or take one.</summary>
internal static class FairShare
{
    /// <param name="me">This node's number; it is one of <paramref name="live"/>.</param>
    /// <param name="live">The live nodes that relay.</param>
    /// <param name="owners">Every partition's owner by partition; null for none.</param>
    public static (IReadOnlyList<int> Take, IReadOnlyList<int> GiveUp) Decide(
        int me,
        IReadOnlyCollection<int> live,
        IReadOnlyList<int?> owners
    )
    {
        var rank = live.Count(node => node < me);
        var share = (owners.Count / live.Count) + (rank < owners.Count % live.Count ? 1 : 0);
        var mine = Enumerable.Range(0, owners.Count).Where(partition => owners[partition] == me).ToList();
        var free = Enumerable.Range(0, owners.Count).Where(partition => owners[partition] is not { } owner || !live.Contains(owner));
        return mine.Count > share ? ([], mine[share..]) : ([.. free.Take(share - mine.Count)], []);
    }
}
