using System.Text.Json.Serialization;

namespace Storage.Side;

/// <summary>What the rows of one type come to.</summary>
/// <param name="Type">The type's name.</param>
/// <param name="TableRev">The table's revision.</param>
/// <param name="After">The cursor the rows stand before.</param>
/// <param name="Rows">The same in words: partition and row number, <c>0=123,2=45</c>.</param>
/// <param name="Count">How many rows.</param>
/// <param name="Columns">Sum and maximum of each numeric column.</param>
internal sealed record TableAggregate(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("table_rev")] long TableRev,
    [property: JsonPropertyName("after")] string After,
    [property: JsonPropertyName("rows")] string Rows,
    [property: JsonPropertyName("count")] long Count,
    [property: JsonPropertyName("columns")] IReadOnlyDictionary<string, ColumnAggregate> Columns
);

/// <summary>Sum and maximum of a column, as decimal text; null without rows.</summary>
internal sealed record ColumnAggregate([property: JsonPropertyName("sum")] string? Sum, [property: JsonPropertyName("max")] string? Max);
