using System.Text.Json.Serialization;
using Storage.Persistence;

namespace Storage.Reading;

/// <summary>Which event a row is, of a type whose ids are texts.</summary>
internal sealed record TextIdRow(
    [property: JsonPropertyName("event_id")] string EventId,
    [property: JsonPropertyName("trace_id")] string TraceId
)
{
    public static EventQuery<TextIdRow> Of(EventTableNames table) =>
        new(table, $"{table.EventId}, trace_id", row => new TextIdRow(row.GetString(0), row.GetString(1)), RowJson.Default.TextIdRow);
}
