namespace Processing.Persistence;

/// <summary>Sum and maximum of one column over all events counted. Averages are made on reading.</summary>
internal sealed class ColumnStatistics
{
    /// <summary>The type's number in the catalog.</summary>
    public ushort TypeId { get; init; }

    /// <summary>The column's name, as in Storage.</summary>
    public required string Name { get; init; }

    /// <summary>The exact sum.</summary>
    public decimal Total { get; set; }

    /// <summary>The largest value; null before the first event.</summary>
    public decimal? Maximum { get; set; }
}
