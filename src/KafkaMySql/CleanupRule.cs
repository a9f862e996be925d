namespace KafkaMySql;

/// <summary>Up to where old rows may be removed.</summary>
internal static class CleanupRule
{
    /// <param name="acked">What Kafka acknowledged.</param>
    /// <param name="lasts">Every configured reader's last seq; null for one that has not answered.</param>
    /// <param name="listsAgree">Whether all live nodes have the same list of readers: a node that is still without the new one must not clean up.</param>
    /// <returns>The highest seq nobody needs any more; 0 for none.</returns>
    public static ulong SafeUpTo(ulong acked, IEnumerable<ulong?> lasts, bool listsAgree) =>
        listsAgree ? lasts.Aggregate(acked, (lowest, last) => Math.Min(lowest, last ?? 0)) : 0;
}
