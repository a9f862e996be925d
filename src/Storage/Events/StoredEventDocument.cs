using System.Text.Json.Serialization;

namespace Storage.Events;

/// <summary>Where a stored event stands.</summary>
/// <param name="TraceId">Its trace id as text.</param>
/// <param name="Type">The name of its type.</param>
/// <param name="Partition">The partition of its coordinate in the log; for a foreign event the one it came in.</param>
/// <param name="Seq">Its number in that partition of the log; null for a foreign event.</param>
/// <param name="RowPartition">The partition whose reader stored the row.</param>
/// <param name="RowNo">The row's number among those of that reader.</param>
/// <param name="StoredAt">When it was stored, UTC.</param>
internal sealed record StoredEventDocument(
    [property: JsonPropertyName("trace_id")] string TraceId,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("partition")] int Partition,
    [property: JsonPropertyName("seq")] ulong? Seq,
    [property: JsonPropertyName("row_partition")] int RowPartition,
    [property: JsonPropertyName("row_no")] long RowNo,
    [property: JsonPropertyName("stored_at")] DateTime StoredAt
);
