namespace KafkaMySql;

/// <summary>
/// The reader's half of go-back-N. A record carries its own <c>seq</c> and <c>after</c>, the seq of the row before it in the log;
/// numbers have jumps, so only <c>after</c> tells whether something lies between.
/// </summary>
internal static class ReaderRule
{
    public static ReaderVerdict Judge(ulong last, ulong seq, ulong after) =>
        seq <= last ? ReaderVerdict.Repeat
        : after <= last ? ReaderVerdict.Apply
        : ReaderVerdict.Ahead;
}
