using Consistency.Comparing;
using KafkaMySql;
using ServiceDefaults;
using LogExtent = Consistency.Comparing.LogExtent;

namespace Consistency.Tests;

/// <summary>
/// A log, two readers and strangers, without I/O. Before every answer the world goes on by a few random steps, so that no two answers are of
/// the same moment. It knows which events were really damaged.
/// </summary>
internal sealed class ModelWorld(Random random, int partitions)
{
    private static readonly ulong FirstSeq = LogBucket.First(LogBucket.Foreign);

    // Steep, so that few events fill many buckets.
    private const int Jump = 1500;

    private readonly Dictionary<int, List<LogRow>> _log = Enumerable
        .Range(0, partitions)
        .ToDictionary(partition => partition, _ => new List<LogRow>());
    private readonly List<(int Partition, string TraceId)> _topicOfStrangers = [];
    private ulong _identity;

    public ModelReader Storage { get; } = new("Storage", partitions);

    public ModelReader Queue { get; } = new("Queue", partitions);

    /// <summary>What was damaged, and how that must be named.</summary>
    public Dictionary<string, DifferenceClass> Damaged { get; } = [];

    public bool Frozen { get; set; }

    public ILogSide Log => new ModelLog(this);

    public ISide Side(ModelReader reader) => new ModelSide(this, reader);

    public void GoOn()
    {
        if (Frozen)
            return;
        for (var step = random.Next(6); step > 0; step--)
            Step();
    }

    /// <summary>Both readers take everything there is.</summary>
    public void Settle()
    {
        foreach (var reader in new[] { Storage, Queue })
        {
            for (var partition = 0; partition < partitions; partition++)
                Apply(reader, partition, int.MaxValue);
            TakeStrangers(reader, int.MaxValue);
        }
    }

    public void Step()
    {
        var partition = random.Next(partitions);
        switch (random.Next(12))
        {
            case < 5:
                Append(partition);
                break;
            case < 7:
                Apply(Storage, partition, random.Next(1, 4));
                break;
            case < 9:
                Apply(Queue, partition, random.Next(1, 4));
                break;
            case 9:
                _topicOfStrangers.Add((partition, NextIdentity()));
                break;
            case 10:
                TakeStrangers(Storage, random.Next(1, 3));
                TakeStrangers(Queue, random.Next(1, 3));
                break;
            default:
                Mend();
                break;
        }
    }

    /// <summary>Somebody does something by hand, or a fault of ours does, to an event that both readers have.</summary>
    public void Damage()
    {
        var both = Storage
            .Rows.Values.Where(row => row.Seq is not null && Queue.Rows.ContainsKey(row.TraceId) && !Damaged.ContainsKey(row.TraceId))
            .ToList();
        if (both.Count == 0)
            return;
        var row = both[random.Next(both.Count)];
        switch (random.Next(7))
        {
            case 0:
                Storage.Rows.Remove(row.TraceId);
                Damaged[row.TraceId] = DifferenceClass.MissingInDb;
                break;
            case 1:
                Queue.Rows.Remove(row.TraceId);
                Damaged[row.TraceId] = DifferenceClass.MissingInQueue;
                break;
            case 2:
                Storage.Rows.Remove(row.TraceId);
                Queue.Rows.Remove(row.TraceId);
                Damaged[row.TraceId] = DifferenceClass.MissingInBoth;
                break;
            case 3:
                Storage.Rows[row.TraceId] = row with { Digest = row.Digest * 31 + 7 };
                Damaged[row.TraceId] = DifferenceClass.Different;
                break;
            case 4:
                _log[row.Partition].RemoveAll(entry => entry.TraceId == row.TraceId);
                Damaged[row.TraceId] =
                    _log[row.Partition] is [var lowest, ..] && lowest.Seq < row.Seq
                        ? DifferenceClass.MissingInLog
                        : DifferenceClass.Different;
                if (Damaged[row.TraceId] != DifferenceClass.MissingInLog)
                    // The lowest row: that is what the log's cleanup does.
                    Damaged.Remove(row.TraceId);
                break;
            case 5:
                Storage.Rows.Remove(row.TraceId);
                Storage.Dead.Add((row.Partition, new SideRefused(row.Seq, row.TraceId, row.Type, "too large")));
                Damaged[row.TraceId] = DifferenceClass.DeadLettered;
                break;
            default:
                var foreign = new SideRow(row.Partition, 7, null, 1, NextIdentity(), "0", 99);
                Storage.Rows[foreign.TraceId] = foreign;
                Damaged[foreign.TraceId] = DifferenceClass.MissingInQueue;
                break;
        }
    }

    private string NextIdentity() => (++_identity).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Append(int partition)
    {
        var log = _log[partition];
        var last = LastSeq(partition);
        var identity = NextIdentity();
        log.Add(
            new LogRow(
                last + (ulong)random.Next(1, random.Next(4) == 0 ? Jump : 3),
                (ushort)random.Next(1, 3),
                identity,
                ulong.Parse(identity, null) * 0x9E3779B97F4A7C15
            )
        );
        _last[partition] = log[^1].Seq;
    }

    private readonly Dictionary<int, ulong> _last = [];

    private ulong LastSeq(int partition) => _last.GetValueOrDefault(partition, FirstSeq);

    // In the order of the log; what was taken out of the log by hand never comes.
    private void Apply(ModelReader reader, int partition, int count)
    {
        foreach (var row in _log[partition].Where(row => row.Seq > reader.Last[partition]).Take(count).ToList())
        {
            reader.Rows[row.TraceId] = new SideRow(
                partition,
                LogBucket.Of(row.Seq),
                row.Seq,
                row.Type,
                row.TraceId,
                row.TraceId,
                row.Digest
            );
            reader.Last[partition] = row.Seq;
        }
    }

    private void TakeStrangers(ModelReader reader, int count)
    {
        for (; count > 0 && reader.Offset < _topicOfStrangers.Count; count--, reader.Offset++)
        {
            var (partition, identity) = _topicOfStrangers[reader.Offset];
            var number = ulong.Parse(identity, null);
            reader.Rows[identity] = new SideRow(partition, number % 256, null, 1, identity, identity, number * 31);
        }
    }

    // A repair puts an event back on both sides, one after the other, far below the cut.
    private void Mend()
    {
        foreach (var (identity, found) in Damaged.ToList())
        {
            if (found is not (DifferenceClass.MissingInDb or DifferenceClass.MissingInQueue))
                continue;
            var (from, to) = found == DifferenceClass.MissingInDb ? (Queue, Storage) : (Storage, Queue);
            to.Rows[identity] = from.Rows[identity];
            Damaged.Remove(identity);
            return;
        }
    }

    private sealed class ModelLog(ModelWorld world) : ILogSide
    {
        public Task<IReadOnlyDictionary<int, LogExtent>> ExtentsAsync(CancellationToken cancellationToken)
        {
            world.GoOn();
            return Task.FromResult<IReadOnlyDictionary<int, LogExtent>>(
                world._log.ToDictionary(
                    log => log.Key,
                    log => new LogExtent(log.Value is [var lowest, ..] ? lowest.Seq : null, world.LastSeq(log.Key))
                )
            );
        }

        public Task<IReadOnlyList<LogSum>> BucketsAsync(int partition, ulong after, ulong upTo, CancellationToken cancellationToken)
        {
            world.GoOn();
            return Task.FromResult<IReadOnlyList<LogSum>>([
                .. world
                    ._log[partition]
                    .Where(row => row.Seq > after && row.Seq <= upTo)
                    .GroupBy(row => LogBucket.Of(row.Seq))
                    .Select(bucket => new LogSum(bucket.Key, bucket.Count(), bucket.Aggregate(0UL, (digest, row) => digest ^ row.Digest))),
            ]);
        }

        public Task<IReadOnlyList<LogRow>> RowsAsync(int partition, ulong bucket, CancellationToken cancellationToken)
        {
            world.GoOn();
            return Task.FromResult<IReadOnlyList<LogRow>>([.. world._log[partition].Where(row => LogBucket.Of(row.Seq) == bucket)]);
        }

        public Task<string?> EventIdAsync(int partition, ulong seq, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}

/// <summary>A reader's tables.</summary>
internal sealed class ModelReader(string name, int partitions)
{
    public string Name => name;

    public Dictionary<string, SideRow> Rows { get; } = [];

    public List<(int Partition, SideRefused Refused)> Dead { get; } = [];

    public Dictionary<int, ulong> Last { get; } = Enumerable.Range(0, partitions).ToDictionary(partition => partition, _ => 0UL);

    public int Offset { get; set; }
}

/// <summary>A reader as the comparison asks it, in a world that goes on.</summary>
internal sealed class ModelSide(ModelWorld world, ModelReader reader) : ISide
{
    public string Name => reader.Name;

    public Task<IReadOnlyList<SideLast>> LastAsync(CancellationToken cancellationToken)
    {
        world.GoOn();
        return Task.FromResult(Last());
    }

    public Task<SideSnapshot> SnapshotAsync(
        IReadOnlyDictionary<int, ulong> from,
        IReadOnlyDictionary<int, ulong> cut,
        (int First, int Last)? foreign,
        CancellationToken cancellationToken
    )
    {
        world.GoOn();
        var rows = reader.Rows.Values.Where(row =>
            row.Bucket < LogBucket.Foreign
                ? foreign is var (first, last) && row.Bucket >= (ulong)first && row.Bucket <= (ulong)last
                : row.Bucket >= from.GetValueOrDefault(row.Partition) && row.Seq <= cut[row.Partition]
        );
        return Task.FromResult(
            new SideSnapshot(
                Name,
                Last(),
                [
                    .. rows.GroupBy(row => (row.Partition, row.Bucket, row.Type))
                        .Select(bucket => new SideBucket(
                            bucket.Key.Partition,
                            bucket.Key.Bucket,
                            bucket.Key.Type,
                            bucket.Count(),
                            bucket.Aggregate(0UL, (digest, row) => digest ^ row.Digest)
                        )),
                ],
                [
                    .. reader
                        .Dead.Where(dead => dead.Refused.Seq <= cut[dead.Partition])
                        .GroupBy(dead => (dead.Partition, Bucket: LogBucket.Of(dead.Refused.Seq!.Value)))
                        .Select(bucket => new SideAside(bucket.Key.Partition, bucket.Key.Bucket, bucket.Count(), 0)),
                ],
                []
            )
        );
    }

    public Task<SideRows> RowsAsync(int partition, ulong bucket, ulong cut, CancellationToken cancellationToken)
    {
        world.GoOn();
        return Task.FromResult(
            new SideRows(
                Last(),
                [
                    .. reader.Rows.Values.Where(row =>
                        row.Bucket == bucket && (bucket < LogBucket.Foreign || row.Partition == partition && row.Seq <= cut)
                    ),
                ],
                [
                    .. reader
                        .Dead.Where(dead => dead.Partition == partition && dead.Refused.Seq is { } seq && LogBucket.Of(seq) == bucket)
                        .Select(dead => dead.Refused),
                ],
                []
            )
        );
    }

    public Task<SideComputed> ComputeAsync(IReadOnlyList<(int Partition, ulong Bucket)> buckets, CancellationToken cancellationToken) =>
        Task.FromResult(new SideComputed([], []));

    public Task<SideRows> FindAsync(string traceId, CancellationToken cancellationToken)
    {
        world.GoOn();
        return Task.FromResult(new SideRows(Last(), reader.Rows.TryGetValue(traceId, out var row) ? [row] : [], [], []));
    }

    private IReadOnlyList<SideLast> Last() => [.. reader.Last.Select(last => new SideLast(last.Key, last.Value, reader.Offset))];
}
