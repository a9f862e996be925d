using ServiceDefaults;

namespace Consistency.Comparing;

/// <summary>
/// Everything there is of one bucket, and the rules by which it is judged. No I/O. Of a bucket of the log all lists reach up to the cut.
/// </summary>
/// <param name="Partition">The partition.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Storage">Storage's rows and what it has put aside.</param>
/// <param name="Queue">The same of the topic's reader.</param>
/// <param name="Log">The log's rows, as far as it keeps them.</param>
/// <param name="Extent">What the log keeps; null for foreign rows, which are in no log.</param>
/// <param name="StorageExpired">What Storage can never see.</param>
/// <param name="QueueExpired">What the topic's reader can never see.</param>
/// <param name="Wrong">Rows of either side whose columns do not give their digest.</param>
internal sealed record BucketContents(
    int Partition,
    ulong Bucket,
    SideRows Storage,
    SideRows Queue,
    IReadOnlyList<LogRow> Log,
    LogExtent? Extent,
    IReadOnlyList<SideExpired> StorageExpired,
    IReadOnlyList<SideExpired> QueueExpired,
    IReadOnlyList<SideRow> Wrong
)
{
    /// <summary>What is wrong in the bucket; each event once.</summary>
    public List<Finding> Judge()
    {
        var storage = ByTraceId(Storage.Rows);
        var queue = ByTraceId(Queue.Rows);
        var log = Log.Where(row => Extent?.Keeps(row.Seq) == true).ToDictionary(row => row.Seq);
        var findings = new Dictionary<string, Finding>(StringComparer.Ordinal);
        var asideSeqs = new HashSet<ulong>();

        foreach (var (refused, parked) in Aside())
        {
            var seq = refused.Seq!.Value;
            asideSeqs.Add(seq);
            var known = log.GetValueOrDefault(seq);
            var traceId = known?.TraceId ?? refused.TraceId ?? $"{Partition}/{seq}";
            var ofQueue = queue.GetValueOrDefault(traceId);
            Enter(
                new Finding(
                    parked ? DifferenceClass.Parked
                        : IsConflict(refused) ? DifferenceClass.Conflict
                        : DifferenceClass.DeadLettered,
                    traceId,
                    known?.Type ?? refused.Type ?? ofQueue?.Type,
                    ofQueue?.EventId,
                    Partition,
                    Bucket,
                    seq
                )
            );
        }
        foreach (var row in queue.Values.Where(row => !storage.ContainsKey(row.TraceId) && !IsAside(row.Seq)))
            Enter(Of(row, IsIn(StorageExpired, row.Seq) ? DifferenceClass.Expired : DifferenceClass.MissingInDb));
        foreach (var row in storage.Values.Where(row => !queue.ContainsKey(row.TraceId) && !IsAside(row.Seq)))
            Enter(Of(row, IsIn(QueueExpired, row.Seq) ? DifferenceClass.Expired : DifferenceClass.MissingInQueue));
        foreach (var row in storage.Values)
        {
            if (
                queue.TryGetValue(row.TraceId, out var other)
                && (other.Digest != row.Digest || other.Type != row.Type || other.Seq != row.Seq)
            )
                Enter(Of(row, DifferenceClass.Different));
        }
        foreach (var row in Wrong)
            Enter(Of(row, DifferenceClass.Different));
        JudgeLog();
        return [.. findings.Values];

        void JudgeLog()
        {
            foreach (var row in log.Values.Where(row => !IsAside(row.Seq)))
            {
                if (!storage.TryGetValue(row.TraceId, out var stored) && !queue.ContainsKey(row.TraceId))
                    Enter(
                        new Finding(
                            IsIn(StorageExpired, row.Seq) ? DifferenceClass.Expired : DifferenceClass.MissingInBoth,
                            row.TraceId,
                            row.Type,
                            null,
                            Partition,
                            Bucket,
                            row.Seq
                        )
                    );
                else if (stored is not null && stored.Digest != row.Digest)
                    Enter(Of(stored, DifferenceClass.Different));
            }
            foreach (var row in storage.Values.Where(row => row.Seq is { } seq && Extent?.Keeps(seq) == true && !log.ContainsKey(seq)))
                Enter(Of(row, DifferenceClass.MissingInLog));
        }

        // The first that is found wrong with an event is what it is known for.
        void Enter(Finding finding) => findings.TryAdd(finding.TraceId, finding);

        bool IsAside(ulong? seq) => seq is { } known && asideSeqs.Contains(known);
    }

    private static bool IsConflict(SideRefused refused) => refused.Reason.StartsWith("conflict", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<(SideRefused Refused, bool Parked)> Aside() =>
        Storage
            .Dead.Concat(Queue.Dead)
            .Select(refused => (refused, false))
            .Concat(Storage.Parked.Concat(Queue.Parked).Select(refused => (refused, true)))
            .Where(aside => aside.refused.Seq is not null);

    private static Dictionary<string, SideRow> ByTraceId(IEnumerable<SideRow> rows)
    {
        var found = new Dictionary<string, SideRow>(StringComparer.Ordinal);
        foreach (var row in rows)
            found[row.TraceId] = row;
        return found;
    }

    private bool IsIn(IReadOnlyList<SideExpired> ranges, ulong? seq) =>
        seq is { } known && ranges.Any(range => range.Partition == Partition && known > range.After && known < range.Before);

    private static Finding Of(SideRow row, DifferenceClass found) =>
        new(found, row.TraceId, row.Type, row.EventId, row.Partition, row.Bucket, row.Seq);
}
