using System.Text.Json.Serialization;
using Storage.Persistence;

namespace Storage.Reading;

/// <summary>Which event a row is.</summary>
internal sealed record EventIdRow(
    [property: JsonPropertyName("event_id")] long EventId,
    [property: JsonPropertyName("trace_id")] long TraceId
)
{
    public static EventQuery<EventIdRow> Of(EventTableNames table) =>
        new(table, $"{table.EventId}, trace_id", row => new EventIdRow(row.GetInt64(0), row.GetInt64(1)), RowJson.Default.EventIdRow);
}
