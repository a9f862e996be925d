namespace Storage.Reading;

/// <summary>Where a row stands in its list: lists are ordered by time, partition and number.</summary>
/// <param name="At">When it was stored.</param>
/// <param name="Partition">The partition whose reader stored it.</param>
/// <param name="RowNo">Its number in that partition.</param>
/// <param name="TraceId">Its trace id, by which a cursor knows it again.</param>
internal readonly record struct RowPosition(DateTime At, int Partition, long RowNo, string TraceId);
