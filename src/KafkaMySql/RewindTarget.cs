namespace KafkaMySql;

/// <summary>Where the relay goes back to for a reader that stands at <c>last</c>.</summary>
/// <param name="Position">The last row at or below the reader's; sending goes on behind it. 0 when there is none.</param>
/// <param name="FirstSeq">The log's first row above the reader's <c>last</c>.</param>
/// <param name="FirstAfter">That row's own <c>after</c>.</param>
internal readonly record struct RewindTarget(ulong Position, ulong FirstSeq, ulong FirstAfter)
{
    /// <summary>
    /// Rows between are gone from the log for good (cleaned up before this reader was added). The first row is then chained to the row
    /// that is really before it: the reader that lacks the lost rows takes it, a reader further back, for which rows remain, does not.
    /// </summary>
    public bool Expired => FirstAfter > Position;
}
