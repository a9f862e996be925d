namespace KafkaMySql;

/// <summary>
/// When a reader says "stalled": it stands at the end of its partition, or, since under traffic the end never stands still, past the end
/// as it was when the first record ahead came. Progress clears it.
/// </summary>
internal sealed class StallRule
{
    private long? _endAtFirstAhead;

    /// <summary>A record was judged <see cref="ReaderVerdict.Ahead"/>; <paramref name="endOffset"/> is the partition's end as known now.</summary>
    public void Ahead(long endOffset) => _endAtFirstAhead ??= endOffset;

    /// <summary>A record was applied, or reading starts again elsewhere.</summary>
    public void Progressed() => _endAtFirstAhead = null;

    /// <param name="nextOffset">The next offset to handle; everything before it is done.</param>
    /// <param name="endOffset">The partition's end as known now.</param>
    public bool IsStalled(long nextOffset, long endOffset) => nextOffset >= endOffset || nextOffset >= _endAtFirstAhead;
}
