namespace KafkaMySql;

/// <summary>The rows of one partition this process committed last, so that the relay need not read them back.</summary>
internal sealed class RelayMemory
{
    private const int MaxRows = 8_192;
    private const long MaxBytes = 16 * 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<LogRow> _rows = new();
    private long _bytes;

    /// <summary>How many rows are here, those included that were sent already.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _rows.Count;
        }
    }

    public void Add(IReadOnlyList<LogRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                _rows.Enqueue(row);
                _bytes += row.Bytes;
            }

            while (_rows.Count > MaxRows || _bytes > MaxBytes)
                Drop();
        }
    }

    /// <summary>The rows that follow what the cursor sent without a hole; empty when memory does not have them.</summary>
    public List<LogRow> Take(RelayCursor cursor, int count)
    {
        lock (_gate)
        {
            while (_rows.TryPeek(out var first) && first.Seq <= cursor.Sent)
                Drop();
            var taken = new List<LogRow>();
            var sent = cursor.Sent;
            while (taken.Count < count && _rows.TryPeek(out var row) && row.After == sent)
            {
                taken.Add(row);
                sent = row.Seq;
                Drop();
            }

            return taken;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rows.Clear();
            _bytes = 0;
        }
    }

    private void Drop() => _bytes -= _rows.Dequeue().Bytes;
}
