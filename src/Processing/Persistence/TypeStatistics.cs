namespace Processing.Persistence;

/// <summary>What was counted of one type of event, and up to where.</summary>
internal sealed class TypeStatistics
{
    /// <summary>The type's number in the catalog.</summary>
    public ushort TypeId { get; init; }

    /// <summary>Rises with every change. Whoever changes a row names the revision he read, so that nothing is counted twice.</summary>
    public long Rev { get; set; }

    /// <summary>Storage's cursor: up to where it was counted; null before the first row.</summary>
    public string? Cursor { get; set; }

    /// <summary>The same in words, partition and row number: <c>0=123,2=45</c>.</summary>
    public required string Rows { get; set; }

    /// <summary>The revision of Storage's table that was counted.</summary>
    public long TableRev { get; set; }

    /// <summary>How many events.</summary>
    public long Counted { get; set; }

    /// <summary>When the last page was counted, UTC.</summary>
    public DateTime UpdatedAt { get; set; }

    /// <summary>Sums and maxima of the type's columns.</summary>
    public List<ColumnStatistics> Columns { get; init; } = [];
}
