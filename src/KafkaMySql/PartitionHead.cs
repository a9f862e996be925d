namespace KafkaMySql;

/// <summary>
/// Gives the rows of one partition their numbers. <c>seq</c> never returns: the first batch on every new connection raises it to the
/// database's clock, and a restored or reset server always cuts connections. So <c>seq</c> has jumps; <c>after</c> has none.
/// </summary>
internal struct PartitionHead(ulong lastSeq, ulong nextSeq)
{
    /// <summary>The last row's seq; 0 when the log never had one.</summary>
    public ulong LastSeq { get; private set; } = lastSeq;

    /// <summary>The lowest seq not yet given.</summary>
    public ulong NextSeq { get; private set; } = nextSeq;

    /// <summary>
    /// About a million numbers a second, more than any writer gives, so a head never runs ahead of the clock for long. Whole seconds would
    /// not do: a log restored from a dump within the second of its last connection would give that connection's numbers again.
    /// </summary>
    public static ulong Floor(long unixSeconds, int microseconds) => ((ulong)unixSeconds << 20) + (((ulong)microseconds << 20) / 1_000_000);

    public void RaiseTo(ulong floor) => NextSeq = Math.Max(NextSeq, floor);

    /// <summary>The next row's own number and the number of the row before it.</summary>
    public (ulong Seq, ulong After) Take()
    {
        var row = (NextSeq, LastSeq);
        LastSeq = NextSeq;
        NextSeq++;
        return row;
    }
}
