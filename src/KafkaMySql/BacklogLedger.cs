namespace KafkaMySql;

/// <summary>
/// Counts what Kafka lacks of one partition without counting any row twice: stretches of the log are counted once each, and leave when
/// the relay has passed them. While the relay keeps up there is nothing to count.
/// </summary>
internal sealed class BacklogLedger
{
    private readonly Queue<(ulong UpTo, long Rows, long Bytes, TimeSpan Oldest)> _stretches = new();
    private ulong _countedUpTo;
    private ulong _headBefore;
    private ulong _sent;

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Since when the oldest counted row waits; null when none does.</summary>
    public TimeSpan? Oldest => _stretches.TryPeek(out var first) ? first.Oldest : null;

    /// <summary>Notes where log and relay stand; called at a steady pace.</summary>
    /// <returns>The stretch to count next, from (exclusive) and to; null when there is none.</returns>
    public (ulong From, ulong To)? Observe(ulong sent, ulong head)
    {
        if (head < _countedUpTo || sent < _sent)
        {
            // The log was restored or the hint went back: start over.
            _stretches.Clear();
            (Rows, Bytes, _countedUpTo) = (0, 0, 0);
        }

        _sent = sent;
        while (_stretches.TryPeek(out var first) && first.UpTo <= sent)
        {
            _stretches.Dequeue();
            Rows -= first.Rows;
            Bytes -= first.Bytes;
        }

        _countedUpTo = Math.Max(_countedUpTo, sent);
        // Only what was there a round ago: what is younger is probably under way.
        var to = Math.Min(_headBefore, head);
        _headBefore = head;
        return to > _countedUpTo ? (_countedUpTo, to) : null;
    }

    public void Counted(ulong upTo, long rows, long bytes, TimeSpan oldest)
    {
        _stretches.Enqueue((upTo, rows, bytes, oldest));
        Rows += rows;
        Bytes += bytes;
        _countedUpTo = upTo;
    }
}
