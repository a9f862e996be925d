using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// One assignment of one partition: its queue, its workers and its offsets. A new assignment gets a new lane, so nothing that belongs to
/// an earlier one can be handled or stored by mistake.
/// </summary>
internal sealed class PartitionLane
{
    private readonly Lock _lock = new();
    private readonly ILaneHandler _handler;
    private readonly LaneBucket[] _buckets;
    private readonly int _workersPerKey;
    private readonly int _capacity;
    private readonly Queue<LaneRecord> _behindEnd = new();
    private readonly OffsetTracker _tracker = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly CancellationTokenSource _closing = new();

    private LaneState _state = LaneState.Starting;
    private int _queued;
    private int _inFlight;
    private bool _endIsRunning;
    private uint _nextWorker;
    private long? _storedPosition;
    private long? _droppedFrom;
    private long? _droppedEnd;
    private long? _lastEnd;
    private volatile bool _isHeld;

    public PartitionLane(TopicPartition partition, ILaneHandler handler, int keyBuckets, int workersPerKey, int capacity)
    {
        Partition = partition;
        _handler = handler;
        _workersPerKey = workersPerKey;
        _capacity = capacity;
        _buckets = new LaneBucket[keyBuckets * workersPerKey];
        for (var i = 0; i < _buckets.Length; i++)
            _buckets[i] = new LaneBucket(this);
        CancellationToken = _cancellation.Token;
        ClosingToken = _closing.Token;
    }

    public TopicPartition Partition { get; }

    /// <summary>Cancelled when the partition is lost, or was not drained in time.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Cancelled when the lane is closed; handlers in flight may still finish.</summary>
    public CancellationToken ClosingToken { get; }

    /// <summary>Completes when the lane is closed and nothing of it is in flight.</summary>
    public Task Drained => _drained.Task;

    /// <summary>A failing message is tried again and again.</summary>
    public bool IsHeld
    {
        get => _isHeld;
        set => _isHeld = value;
    }

    public bool IsClosed
    {
        get
        {
            lock (_lock)
                return _state == LaneState.Closed;
        }
    }

    public bool IsStarting
    {
        get
        {
            lock (_lock)
                return _state == LaneState.Starting;
        }
    }

    /// <summary>Records that arrived and are not done.</summary>
    public int InHand
    {
        get
        {
            lock (_lock)
                return _tracker.Count;
        }
    }

    /// <summary>The offset after the last one that is done with all before it; null when there is none.</summary>
    public long? Position
    {
        get
        {
            lock (_lock)
                return _tracker.Position;
        }
    }

    /// <summary>The offset after the partition's last record as the client last heard; kept by the poll thread.</summary>
    public long HighWatermark { get; set; } = -1;

    /// <summary>The poll thread's own note that the partition is paused.</summary>
    public bool IsPaused { get; set; }

    public bool WantsPause(bool isPaused)
    {
        lock (_lock)
        {
            if (_state == LaneState.Starting || _isHeld)
                return true;
            // Half empty before it is filled again, so that it does not flip at the edge.
            return isPaused ? _tracker.Count > _capacity / 2 : _tracker.Count >= _capacity;
        }
    }

    public bool IsFull
    {
        get
        {
            lock (_lock)
                return _state == LaneState.Active && !_isHeld && _tracker.Count >= _capacity;
        }
    }

    /// <summary>A record or an end arrived. It is not handled before <see cref="Schedule"/>.</summary>
    public void Arrived(ConsumeResult<byte[], byte[]> result)
    {
        lock (_lock)
        {
            switch (_state)
            {
                case LaneState.Closed:
                    return;
                case LaneState.Starting when result.IsPartitionEOF:
                    _droppedEnd = result.Offset;
                    return;
                case LaneState.Starting:
                    _droppedFrom = Math.Min(_droppedFrom ?? long.MaxValue, result.Offset);
                    return;
            }
            if (result.IsPartitionEOF)
            {
                OfferEnd(result);
                return;
            }
            _lastEnd = null;
            var record = new LaneRecord(result, _tracker.Arrived(result.Offset));
            if (_endIsRunning || _behindEnd.Count > 0)
                _behindEnd.Enqueue(record);
            else
                ToBucket(record);
        }
    }

    /// <summary>Lets the workers take what arrived.</summary>
    public void Schedule()
    {
        lock (_lock)
        {
            if (_state == LaneState.Active)
                ScheduleBuckets();
        }
    }

    /// <summary>The offset that must be sought before the lane may be opened without a start offset; null when nothing was dropped.</summary>
    public long? DroppedFrom
    {
        get
        {
            lock (_lock)
                return _droppedFrom;
        }
    }

    /// <summary>Records are handled from now on. Called by the poll thread when the start offset is in effect.</summary>
    public void Open(long? startOffset)
    {
        lock (_lock)
        {
            if (_state != LaneState.Starting)
                return;
            _state = LaneState.Active;
            // The client tells an end once; when it told it too early and there is nothing to read again, it is told here.
            if (_droppedEnd is { } end && (startOffset ?? end) == end)
                OfferEnd(
                    new ConsumeResult<byte[], byte[]>
                    {
                        TopicPartitionOffset = new TopicPartitionOffset(Partition, end),
                        IsPartitionEOF = true,
                    }
                );
            ScheduleBuckets();
        }
    }

    /// <summary>The partition is taken away: nothing queued is handled any more.</summary>
    public void Close(bool cancel)
    {
        lock (_lock)
        {
            if (_state != LaneState.Closed)
            {
                _state = LaneState.Closed;
                foreach (var bucket in _buckets)
                    bucket.Waiting.Clear();
                _behindEnd.Clear();
                _queued = 0;
                CompleteWhenDrained();
            }
        }
        _closing.Cancel();
        if (cancel)
            _cancellation.Cancel();
    }

    /// <summary>The offset to store, when it moved since the last call.</summary>
    public bool TryTakePosition(out long position)
    {
        lock (_lock)
        {
            position = _tracker.Position ?? -1;
            if (_tracker.Position is null || _tracker.Position == _storedPosition)
                return false;
            _storedPosition = _tracker.Position;
            return true;
        }
    }

    /// <summary>Hands out the bucket's next records; false when there are none and the worker may rest.</summary>
    internal bool TryTake(LaneBucket bucket, List<LaneRecord> taken)
    {
        taken.Clear();
        lock (_lock)
        {
            if (_state != LaneState.Active || bucket.Waiting.Count == 0)
            {
                bucket.IsScheduled = false;
                return false;
            }
            var count = Math.Min(bucket.Waiting.Count, _handler.MaxBatch);
            for (var i = 0; i < count; i++)
                taken.Add(bucket.Waiting.Dequeue());
            _queued -= count;
            _inFlight += count;
            return true;
        }
    }

    internal void Finished(List<LaneRecord> records, bool handled)
    {
        lock (_lock)
        {
            _inFlight -= records.Count;
            if (handled)
                foreach (var record in records)
                    _tracker.Done(record.Sequence);
            PumpBehindEnd();
            CompleteWhenDrained();
        }
    }

    internal Task<bool> HandleAsync(IReadOnlyList<ConsumeResult<byte[], byte[]>> records) => _handler.HandleAsync(this, records);

    internal int MaxBatch => _handler.MaxBatch;

    private void OfferEnd(ConsumeResult<byte[], byte[]> end)
    {
        if (_lastEnd == end.Offset)
            return;
        _lastEnd = end.Offset;
        _behindEnd.Enqueue(new LaneRecord(end, -1));
        PumpBehindEnd();
    }

    // An end is a barrier: everything before it is done first, everything behind it waits.
    private void PumpBehindEnd()
    {
        while (_state == LaneState.Active && !_endIsRunning && _behindEnd.TryPeek(out var next))
        {
            if (!next.IsEnd)
            {
                ToBucket(_behindEnd.Dequeue());
                continue;
            }
            if (_queued > 0 || _inFlight > 0)
                break;
            _behindEnd.Dequeue();
            _endIsRunning = true;
            _ = RunEndAsync(next.Result.Offset);
        }
        if (_state == LaneState.Active)
            ScheduleBuckets();
    }

    private async Task RunEndAsync(long endOffset)
    {
        // Off the poll thread and out of the lock.
        await Task.Yield();
        await _handler.ReachedEndAsync(this, endOffset).ConfigureAwait(false);
        lock (_lock)
        {
            _endIsRunning = false;
            PumpBehindEnd();
            CompleteWhenDrained();
        }
    }

    private void ToBucket(LaneRecord record)
    {
        var bucket = _buckets.Length == 1 ? _buckets[0] : _buckets[BucketOf(record.Result.Message.Key)];
        bucket.Waiting.Enqueue(record);
        _queued++;
    }

    private int BucketOf(byte[]? key)
    {
        var keyBuckets = _buckets.Length / _workersPerKey;
        var hash = new HashCode();
        if (key is not null)
            hash.AddBytes(key);
        var bucket = key is null ? 0 : (int)((uint)hash.ToHashCode() % (uint)keyBuckets);
        return bucket * _workersPerKey + (int)(_nextWorker++ % (uint)_workersPerKey);
    }

    private void ScheduleBuckets()
    {
        foreach (var bucket in _buckets)
        {
            if (bucket.IsScheduled || bucket.Waiting.Count == 0)
                continue;
            bucket.IsScheduled = true;
            ThreadPool.UnsafeQueueUserWorkItem(bucket, preferLocal: false);
        }
    }

    private void CompleteWhenDrained()
    {
        if (_state == LaneState.Closed && _inFlight == 0 && !_endIsRunning)
            _drained.TrySetResult();
    }
}
