namespace KafkaMySql;

/// <summary>What a reader has read and left alone since its progress was written: no table takes anything of it.</summary>
/// <param name="From">The last seq as written; where another stands there now, the range means nothing any more.</param>
/// <param name="To">The last seq that was read.</param>
/// <param name="Applied">How many of the log's records there were.</param>
/// <param name="Rows">How many events there were, each of which has a row number.</param>
internal readonly record struct PassedRange(ulong From, ulong To, long Applied, long Rows);
