namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// The offset that is safe to commit for one partition: every record that arrived before it is done, in whatever order they finished.
/// A ring ordered by arrival, since offsets have gaps. Not thread-safe.
/// </summary>
internal sealed class OffsetTracker
{
    private Entry[] _ring = new Entry[64];
    private int _head;
    private long _headSequence;

    /// <summary>Records that arrived and are not covered by <see cref="Position"/> yet.</summary>
    public int Count { get; private set; }

    /// <summary>The next offset to read after a restart; null until something is done.</summary>
    public long? Position { get; private set; }

    /// <summary>A record arrived. Returns the number by which it is reported done.</summary>
    public long Arrived(long offset)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[(_head + Count) & (_ring.Length - 1)] = new Entry { Offset = offset };
        return _headSequence + Count++;
    }

    /// <summary>The record with this number is done. Returns true when <see cref="Position"/> moved.</summary>
    public bool Done(long sequence)
    {
        var index = sequence - _headSequence;
        if (index < 0 || index >= Count)
            throw new ArgumentOutOfRangeException(nameof(sequence), sequence, "Not a record in hand.");
        _ring[(_head + (int)index) & (_ring.Length - 1)].IsDone = true;
        if (index > 0)
            return false;
        while (Count > 0 && _ring[_head].IsDone)
        {
            Position = _ring[_head].Offset + 1;
            _head = (_head + 1) & (_ring.Length - 1);
            _headSequence++;
            Count--;
        }
        return true;
    }

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var i = 0; i < Count; i++)
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        _ring = larger;
        _head = 0;
    }

    private struct Entry
    {
        public long Offset;
        public bool IsDone;
    }
}
