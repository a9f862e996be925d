using KafkaMySql;
using ServiceDefaults;

namespace Consistency.Comparing;

/// <summary>
/// Compares both readers and the log below a causal cut: the lower of what both had applied, read before anything else. What stands below it
/// is final on both sides, so a difference there is a difference and nothing in flight. A bucket that differs is looked into twice, because
/// rows may also be mended or adopted below the cut.
/// </summary>
internal sealed class Comparison(ISide storage, ISide queue, ILogSide log, TimeProvider clock)
{
    private static readonly TimeSpan ForeignWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForeignPause = TimeSpan.FromMilliseconds(200);

    /// <exception cref="SideException">A side could not be asked, or went back while it was.</exception>
    public async Task<CheckResult> RunAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var cut = Cut(await storage.LastAsync(cancellationToken), await queue.LastAsync(cancellationToken));
        var extents = await log.ExtentsAsync(cancellationToken);
        var snapshots = await Task.WhenAll(
            storage.SnapshotAsync(scope.From, cut, scope.Foreign, cancellationToken),
            queue.SnapshotAsync(scope.From, cut, scope.Foreign, cancellationToken)
        );
        RequireReached(storage, cut, snapshots[0].Last);
        RequireReached(queue, cut, snapshots[1].Last);
        var sums = await LogSumsAsync(scope, cut, extents, cancellationToken);
        var pairs = BucketPair.Of(snapshots[0].Buckets, snapshots[1].Buckets);
        var books = BooksOf(pairs, snapshots[0], sums, extents);
        var result = new CheckResult
        {
            Cut = cut,
            Buckets = pairs,
            Books = books,
            Snapshots = snapshots,
            Pending = await PendingAsync(cut, extents, cancellationToken),
        };
        await LookAsync(scope, result, Suspicious(scope, pairs, snapshots, sums, books, cut, extents), cancellationToken);
        return result;
    }

    /// <summary>Looks into single buckets, as <see cref="RunAsync"/> does into those that differ.</summary>
    public async Task LookAsync(
        CheckScope scope,
        CheckResult result,
        IEnumerable<(int Partition, ulong Bucket)> buckets,
        CancellationToken cancellationToken
    )
    {
        var snapshots = result.Snapshots;
        var found = result.Findings.Count();
        foreach (var (partition, bucket) in buckets)
        {
            if (found > CheckScope.MostDifferences)
                result.Stopped = true;
            if (result.Stopped || clock.GetUtcNow() > scope.Until)
            {
                result.NotLooked.Add((partition, bucket));
                continue;
            }
            var findings =
                bucket < LogBucket.Foreign
                    ? await LookForeignAsync(result, bucket, snapshots, cancellationToken)
                    : await LookOwnAsync(result, partition, bucket, snapshots, cancellationToken);
            if (findings is null)
                continue;
            result.Looked[(partition, bucket)] = findings;
            found += findings.Count;
        }
        result.Stopped |= found > CheckScope.MostDifferences;
    }

    private static Dictionary<int, ulong> Cut(IReadOnlyList<SideLast> storage, IReadOnlyList<SideLast> queue) =>
        storage
            .Join(
                queue,
                left => left.Partition,
                right => right.Partition,
                (left, right) => (left.Partition, Last: Math.Min(left.Last, right.Last))
            )
            .ToDictionary(partition => partition.Partition, partition => partition.Last);

    // A reader that was restored meanwhile lacks what it had: that is no difference, and the next run has a lower cut.
    private static void RequireReached(ISide side, IReadOnlyDictionary<int, ulong> cut, IReadOnlyList<SideLast> last)
    {
        var now = last.ToDictionary(partition => partition.Partition, partition => partition.Last);
        foreach (var (partition, reached) in cut)
        {
            if (now.GetValueOrDefault(partition) < reached)
                throw new SideException($"{side.Name} went back in partition {partition} while it was read; the next run compares again.");
        }
    }

    private async Task<Dictionary<(int Partition, ulong Bucket), LogSum>> LogSumsAsync(
        CheckScope scope,
        Dictionary<int, ulong> cut,
        IReadOnlyDictionary<int, LogExtent> extents,
        CancellationToken cancellationToken
    )
    {
        var sums = new Dictionary<(int, ulong), LogSum>();
        foreach (var (partition, end) in cut)
        {
            if (extents.GetValueOrDefault(partition)?.Lowest is not { } lowest || lowest > end)
                continue;
            var first = Math.Max(lowest, LogBucket.First(scope.From.GetValueOrDefault(partition)));
            foreach (var sum in await log.BucketsAsync(partition, first == 0 ? 0 : first - 1, end, cancellationToken))
                sums[(partition, sum.Bucket)] = sum;
        }
        return sums;
    }

    private async Task<long> PendingAsync(
        Dictionary<int, ulong> cut,
        IReadOnlyDictionary<int, LogExtent> extents,
        CancellationToken cancellationToken
    )
    {
        long pending = 0;
        foreach (var (partition, extent) in extents)
        {
            if (extent.Last > cut.GetValueOrDefault(partition))
                pending += (await log.BucketsAsync(partition, cut.GetValueOrDefault(partition), long.MaxValue, cancellationToken)).Sum(
                    sum => sum.Rows
                );
        }
        return pending;
    }

    private static Books BooksOf(
        IReadOnlyDictionary<(int Partition, ulong Bucket, ushort Type), BucketPair> pairs,
        SideSnapshot snapshot,
        IReadOnlyDictionary<(int Partition, ulong Bucket), LogSum> sums,
        IReadOnlyDictionary<int, LogExtent> extents
    )
    {
        var stored = pairs
            .Where(pair => pair.Key.Bucket >= LogBucket.Foreign)
            .GroupBy(pair => (pair.Key.Partition, pair.Key.Bucket))
            .ToDictionary(bucket => bucket.Key, bucket => bucket.Sum(pair => pair.Value.StorageRows));
        var aside = snapshot.Aside.ToDictionary(entry => (entry.Partition, entry.Bucket));
        var entries = stored
            .Keys.Union(sums.Keys)
            .Union(aside.Keys)
            .Select(bucket => new BookEntry(
                bucket.Partition,
                bucket.Bucket,
                sums.GetValueOrDefault(bucket)?.Rows ?? 0,
                stored.GetValueOrDefault(bucket),
                aside.GetValueOrDefault(bucket)?.Dead ?? 0,
                aside.GetValueOrDefault(bucket)?.Parked ?? 0
            ))
            // Of the bucket where the log begins the lower part may be gone: there the books may balance, and need not.
            .Where(entry => IsWhollyKept(extents, (entry.Partition, entry.Bucket)) || IsBalanced(entry) && entry.LogRows > 0)
            .ToList();
        return new Books(
            entries.Sum(entry => entry.LogRows),
            entries.Sum(entry => entry.StorageRows),
            entries.Sum(entry => entry.Dead),
            entries.Sum(entry => entry.Parked),
            [.. entries.Where(entry => !IsBalanced(entry))]
        );
    }

    private static bool IsBalanced(BookEntry entry) => entry.LogRows == entry.StorageRows + entry.Dead + entry.Parked;

    private static bool IsWhollyKept(IReadOnlyDictionary<int, LogExtent> extents, (int Partition, ulong Bucket) bucket) =>
        extents.TryGetValue(bucket.Partition, out var extent) && extent.Keeps(LogBucket.First(bucket.Bucket));

    // In order, so that what is not looked into for want of time is the newest.
    private static List<(int Partition, ulong Bucket)> Suspicious(
        CheckScope scope,
        IReadOnlyDictionary<(int Partition, ulong Bucket, ushort Type), BucketPair> pairs,
        SideSnapshot[] snapshots,
        IReadOnlyDictionary<(int Partition, ulong Bucket), LogSum> sums,
        Books books,
        IReadOnlyDictionary<int, ulong> cut,
        IReadOnlyDictionary<int, LogExtent> extents
    )
    {
        // Foreign rows may have come to one reader from another partition than to the other, so partitions do not tell them apart.
        var foreign = pairs
            .Where(pair => pair.Key.Bucket < LogBucket.Foreign)
            .GroupBy(pair => (pair.Key.Bucket, pair.Key.Type))
            .Where(bucket =>
                bucket.Sum(pair => pair.Value.StorageRows - pair.Value.QueueRows) != 0
                || bucket.Aggregate(0UL, (digest, pair) => digest ^ pair.Value.StorageDigest ^ pair.Value.QueueDigest) != 0
            )
            .Select(bucket => (0, bucket.Key.Bucket));
        var own = pairs.Where(pair => pair.Key.Bucket >= LogBucket.Foreign).ToList();
        var unequal = own.Where(pair => !pair.Value.IsEqual).Select(pair => (pair.Key.Partition, pair.Key.Bucket));
        var aside = snapshots.SelectMany(snapshot => snapshot.Aside).Select(entry => (entry.Partition, entry.Bucket));
        var unbalanced = books.Unbalanced.Select(entry => (entry.Partition, entry.Bucket));
        var unlikeLog = own.GroupBy(pair => (pair.Key.Partition, pair.Key.Bucket))
            .Where(bucket =>
                UnlikeLog(
                    bucket.Key,
                    bucket.Sum(pair => pair.Value.StorageRows),
                    bucket.Aggregate(0UL, (digest, pair) => digest ^ pair.Value.StorageDigest)
                )
            )
            .Select(bucket => bucket.Key);
        var onlyInLog = sums.Keys.Except(own.Select(pair => (pair.Key.Partition, pair.Key.Bucket)));
        // Beyond the cut nothing is judged, whatever was open there before a reader went back.
        var again = scope.Again.Where(bucket =>
            bucket.Bucket < LogBucket.Foreign || bucket.Bucket <= LogBucket.Of(cut.GetValueOrDefault(bucket.Partition))
        );
        return
        [
            .. unequal
                .Concat(aside)
                .Concat(unbalanced)
                .Concat(unlikeLog)
                .Concat(onlyInLog)
                .Concat(foreign)
                .Concat(again)
                .Distinct()
                .OrderBy(bucket => bucket.Item2)
                .ThenBy(bucket => bucket.Item1),
        ];

        bool UnlikeLog((int Partition, ulong Bucket) bucket, long rows, ulong digest)
        {
            var sum = sums.GetValueOrDefault(bucket);
            if (sum is null)
                return IsWhollyKept(extents, bucket) && rows > 0;
            return sum.Rows != rows || sum.Digest != digest;
        }
    }

    private async Task<IReadOnlyList<Finding>?> LookOwnAsync(
        CheckResult result,
        int partition,
        ulong bucket,
        SideSnapshot[] snapshots,
        CancellationToken cancellationToken
    )
    {
        var cut = result.Cut.GetValueOrDefault(partition);
        var contents = await ContentsAsync(partition, bucket, cut, result.Cut, snapshots, cancellationToken);
        var first = contents.Judge();
        result.Recounted[(partition, bucket)] = BucketPair.Of(Sums(contents.Storage.Rows), Sums(contents.Queue.Rows));
        if (first.Count == 0)
            return [];
        var second = (await ContentsAsync(partition, bucket, cut, result.Cut, snapshots, cancellationToken)).Judge();
        return [.. second.IntersectBy(first.Select(finding => finding.Key), finding => finding.Key)];
    }

    // What one side had when it was looked at must be with the other once that has read as far. Null when it does not in time.
    private async Task<IReadOnlyList<Finding>?> LookForeignAsync(
        CheckResult result,
        ulong bucket,
        SideSnapshot[] snapshots,
        CancellationToken cancellationToken
    )
    {
        var contents = await ContentsAsync(0, bucket, ulong.MaxValue, result.Cut, snapshots, cancellationToken);
        var first = contents.Judge();
        if (first.Count == 0)
            return [];
        var target = contents
            .Storage.Last.Concat(contents.Queue.Last)
            .GroupBy(last => last.Partition)
            .ToDictionary(partition => partition.Key, partition => partition.Max(last => last.NextOffset));
        var started = clock.GetTimestamp();
        while (!HaveRead(target, await storage.LastAsync(cancellationToken)) || !HaveRead(target, await queue.LastAsync(cancellationToken)))
        {
            if (clock.GetElapsedTime(started) > ForeignWait)
            {
                result.Pending += first.Count;
                return null;
            }
            await Task.Delay(ForeignPause, clock, cancellationToken);
        }
        var second = (await ContentsAsync(0, bucket, ulong.MaxValue, result.Cut, snapshots, cancellationToken)).Judge();
        var standing = new List<Finding>();
        foreach (var finding in second.IntersectBy(first.Select(finding => finding.Key), finding => finding.Key))
        {
            // The log has it too, and one reader has come to know that before the other.
            var other = finding.Class switch
            {
                DifferenceClass.MissingInDb => await storage.FindAsync(finding.TraceId, cancellationToken),
                DifferenceClass.MissingInQueue => await queue.FindAsync(finding.TraceId, cancellationToken),
                _ => null,
            };
            if (other is { Rows.Count: > 0 })
                continue;
            standing.Add(other is { Dead.Count: > 0 } ? finding with { Class = DifferenceClass.DeadLettered } : finding);
        }
        return standing;
    }

    private static IEnumerable<SideBucket> Sums(IEnumerable<SideRow> rows) =>
        rows.Select(row => new SideBucket(row.Partition, row.Bucket, row.Type, 1, row.Digest));

    private static bool HaveRead(Dictionary<int, long> target, IReadOnlyList<SideLast> last) =>
        last.All(partition => partition.NextOffset >= target.GetValueOrDefault(partition.Partition));

    private async Task<BucketContents> ContentsAsync(
        int partition,
        ulong bucket,
        ulong cut,
        IReadOnlyDictionary<int, ulong> cuts,
        SideSnapshot[] snapshots,
        CancellationToken cancellationToken
    )
    {
        var isForeign = bucket < LogBucket.Foreign;
        var extent = isForeign ? null : (await log.ExtentsAsync(cancellationToken)).GetValueOrDefault(partition);
        var rows = await Task.WhenAll(
            storage.RowsAsync(partition, bucket, cut, cancellationToken),
            queue.RowsAsync(partition, bucket, cut, cancellationToken)
        );
        if (!isForeign)
        {
            RequireReached(storage, new Dictionary<int, ulong> { [partition] = cut }, rows[0].Last);
            RequireReached(queue, new Dictionary<int, ulong> { [partition] = cut }, rows[1].Last);
        }
        (int, ulong)[] buckets = isForeign
            ? [.. cuts.Keys.Append(InboxOptions.DirectPartition).Select(of => (of, bucket))]
            : [(partition, bucket)];
        var computed = await Task.WhenAll(storage.ComputeAsync(buckets, cancellationToken), queue.ComputeAsync(buckets, cancellationToken));
        return new BucketContents(
            partition,
            bucket,
            rows[0],
            rows[1],
            isForeign ? [] : [.. (await log.RowsAsync(partition, bucket, cancellationToken)).Where(row => row.Seq <= cut)],
            extent,
            snapshots[0].Expired,
            snapshots[1].Expired,
            [.. computed.SelectMany(side => side.Wrong).Where(row => row.Seq is null || row.Seq <= cut)]
        );
    }
}
