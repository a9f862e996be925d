namespace KafkaMySql;

/// <summary>Turns a reader's last seq, which has jumps, into rows and seconds of lag, from marks made as batches were acknowledged.</summary>
internal sealed class LagLedger
{
    private const int MaxMarks = 2_048;
    private readonly List<(ulong Seq, long Rows, TimeSpan At)> _marks = [];
    private long _rows;

    public void Acknowledged(ulong seq, int rows, TimeSpan at)
    {
        if (_marks.Count > 0 && seq <= _marks[^1].Seq)
            return; // Sent again for a reader.
        _rows += rows;
        _marks.Add((seq, _rows, at));
        if (_marks.Count <= MaxMarks)
            return;
        // Every second mark of the older half goes: what is far away may be known less exactly.
        for (var index = MaxMarks / 2; index > 0; index -= 2)
            _marks.RemoveAt(index);
    }

    /// <summary>Rows and time between <paramref name="last"/> and what was acknowledged; at most a batch too many.</summary>
    public (long Rows, TimeSpan Age) Behind(ulong last, TimeSpan now)
    {
        if (_marks.Count == 0 || last >= _marks[^1].Seq)
            return (0, TimeSpan.Zero);
        int low = 0,
            high = _marks.Count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_marks[middle].Seq > last)
                high = middle;
            else
                low = middle + 1;
        }

        return (_rows - (low == 0 ? 0 : _marks[low - 1].Rows), now - _marks[low].At);
    }
}
