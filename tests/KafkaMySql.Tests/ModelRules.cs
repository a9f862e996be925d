namespace KafkaMySql.Tests;

/// <summary>The rules a model run goes by. By default the product's; a test puts a wrong one in their place.</summary>
internal sealed record ModelRules
{
    public Func<ulong, ulong, ulong, ReaderVerdict> Judge { get; init; } = ReaderRule.Judge;

    /// <summary>By how much a new connection raises the head.</summary>
    public Func<long, int, ulong> Floor { get; init; } = PartitionHead.Floor;

    public Func<RelayCursor, ulong, ulong, ulong> AfterOf { get; init; } = (cursor, seq, after) => cursor.AfterOf(seq, after);

    public Func<ReaderWatch, ulong, TimeSpan, bool> WantsRewind { get; init; } = (watch, acked, now) => watch.WantsRewind(acked, now);

    /// <summary>Where a rewind for a reader goes; the second argument is the reader's last.</summary>
    public Func<RewindTarget, ulong, RewindTarget> Target { get; init; } = (target, _) => target;

    public Func<ulong, IReadOnlyList<ulong?>, ulong> SafeUpTo { get; init; } = (acked, lasts) => CleanupRule.SafeUpTo(acked, lasts, true);

    /// <summary>Whether a repair above the reader's last is dropped.</summary>
    public bool DropRepairAbove { get; init; } = true;

    /// <summary>Whether inserting a trace id that is there adopts the row instead of adding one.</summary>
    public bool Adopt { get; init; } = true;
}
