namespace Analyzer.Persistence;

/// <summary>A row of <c>position_head</c>: where the index of one type ends. Whoever gives positions holds its lock.</summary>
internal sealed class PositionHead
{
    /// <summary>The type's number in the catalog.</summary>
    public ushort TypeId { get; init; }

    /// <summary>The position that the next event is given.</summary>
    public long NextPosition { get; init; }

    /// <summary>How many events the index has of the type, kept in the transaction that adds them.</summary>
    public long Events { get; init; }
}
