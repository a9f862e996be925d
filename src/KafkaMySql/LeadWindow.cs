namespace KafkaMySql;

/// <summary>What was sent of one partition and is not yet read by the slowest healthy reader. Zero for a limit means none.</summary>
internal sealed class LeadWindow(int maxRows, long maxBytes)
{
    private readonly Queue<(ulong Seq, int Bytes)> _sent = new();

    public bool IsOn => maxRows > 0 || maxBytes > 0;

    public int Rows => _sent.Count;

    public long Bytes { get; private set; }

    /// <summary>How many rows may be sent now.</summary>
    public int Room =>
        IsFull ? 0
        : maxRows > 0 ? maxRows - Rows
        : int.MaxValue;

    private bool IsFull => (maxRows > 0 && Rows >= maxRows) || (maxBytes > 0 && Bytes >= maxBytes);

    public void Sent(ulong seq, int bytes)
    {
        if (!IsOn)
            return;
        _sent.Enqueue((seq, bytes));
        Bytes += bytes;
    }

    /// <param name="slowest">The slowest healthy reader's last; null when there is none, and then nobody is waited for.</param>
    public void ReadUpTo(ulong? slowest)
    {
        while (_sent.TryPeek(out var first) && (slowest is null || first.Seq <= slowest))
        {
            _sent.Dequeue();
            Bytes -= first.Bytes;
        }
    }

    /// <summary>Sending starts again further back.</summary>
    public void Clear()
    {
        _sent.Clear();
        Bytes = 0;
    }
}
