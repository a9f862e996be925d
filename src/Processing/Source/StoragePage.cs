namespace Processing.Source;

/// <summary>The next rows of a type, as Storage gave them.</summary>
/// <param name="Count">How many rows.</param>
/// <param name="Columns">Their sums and maxima.</param>
/// <param name="After">The cursor behind them.</param>
/// <param name="Rows">The same in words.</param>
/// <param name="TableRev">The table's revision.</param>
internal sealed record StoragePage(long Count, IReadOnlyDictionary<string, ColumnSum> Columns, string After, string Rows, long TableRev);

/// <summary>Sum and maximum of a column over some rows; the maximum is null without rows.</summary>
internal readonly record struct ColumnSum(decimal Total, decimal? Maximum)
{
    public ColumnSum Add(decimal value) => new(Total + value, Maximum is { } known && known > value ? known : value);
}
