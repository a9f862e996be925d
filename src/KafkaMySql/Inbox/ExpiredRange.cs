namespace KafkaMySql;

/// <summary>Rows the log no longer has and this reader never took: those between the two, both excluded.</summary>
internal readonly record struct ExpiredRange(ulong AfterSeq, ulong BeforeSeq);
