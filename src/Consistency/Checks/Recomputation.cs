using System.Text.Json.Serialization;
using Consistency.Comparing;
using KafkaMySql;
using ServiceDefaults;

namespace Consistency.Checks;

/// <summary>
/// Computes digests anew from the columns on both sides, bucket by bucket: what finds a row that somebody edited. A bucket that is not as it
/// was is looked into.
/// </summary>
internal sealed class Recomputation(ISide storage, ISide queue, Comparison comparison, CheckStore store, TimeProvider clock)
{
    private const int BucketsPerCall = 16;

    /// <summary>The buckets that waited longest, <paramref name="count"/> of them.</summary>
    public async Task<Computed> OldestAsync(CheckScope scope, CheckResult result, int count, CancellationToken cancellationToken)
    {
        var computed = new Computed();
        foreach (var some in (await store.OldestAsync(count, cancellationToken)).Chunk(BucketsPerCall))
        {
            if (clock.GetUtcNow() > scope.Until)
                return computed;
            await ComputeAsync(scope, result, some, computed, cancellationToken);
        }
        return computed with { Complete = true };
    }

    /// <summary>All buckets, the newest first, as far as the time goes.</summary>
    public async Task<Computed> NewestAsync(CheckScope scope, CheckResult result, CancellationToken cancellationToken)
    {
        var computed = new Computed();
        var before = ulong.MaxValue;
        while (clock.GetUtcNow() <= scope.Until)
        {
            // One more than is computed at once: buckets of the same number in several partitions belong together.
            var some = await store.NewestAsync(before, BucketsPerCall, cancellationToken);
            if (some.Count == 0)
                return computed with { Complete = true };
            var lowest = some[^1].Bucket;
            some = [.. some.Where(bucket => bucket.Bucket > lowest), .. result.Cut.Keys.Select(partition => (partition, lowest))];
            await ComputeAsync(scope, result, [.. some], computed, cancellationToken);
            before = lowest;
            computed.DownTo = LogBucket.First(lowest);
        }
        return computed;
    }

    private async Task ComputeAsync(
        CheckScope scope,
        CheckResult result,
        (int Partition, ulong Bucket)[] buckets,
        Computed computed,
        CancellationToken cancellationToken
    )
    {
        var sides = await Task.WhenAll(storage.ComputeAsync(buckets, cancellationToken), queue.ComputeAsync(buckets, cancellationToken));
        // The bucket of the cut still grows; its rows alone are judged.
        var unequal = BucketPair
            .Of(sides[0].Buckets, sides[1].Buckets)
            .Where(pair => !pair.Value.IsEqual && pair.Key.Bucket < LogBucket.Of(result.Cut.GetValueOrDefault(pair.Key.Partition)))
            .Select(pair => (pair.Key.Partition, pair.Key.Bucket));
        var wrong = sides.SelectMany(side => side.Wrong).Select(row => (row.Partition, row.Bucket));
        var look = unequal.Concat(wrong).Distinct().Where(bucket => !result.Looked.ContainsKey(bucket)).ToList();
        await comparison.LookAsync(scope, result, look, cancellationToken);
        await store.ComputedAsync(buckets, clock.GetUtcNow().UtcDateTime, cancellationToken);
        computed.Buckets += buckets.Length;
        computed.Rows += sides[0].Buckets.Sum(bucket => bucket.Rows);
    }
}

/// <summary>How far digests were computed from the columns.</summary>
internal sealed record Computed
{
    /// <summary>Whether everything asked for was computed.</summary>
    [JsonPropertyName("complete")]
    public bool Complete { get; init; }

    /// <summary>How many buckets.</summary>
    [JsonPropertyName("buckets")]
    public int Buckets { get; set; }

    /// <summary>How many rows of Storage.</summary>
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>From which seq on, newest first; null where that was not the order.</summary>
    [JsonPropertyName("down_to_seq")]
    public ulong? DownTo { get; set; }
}
