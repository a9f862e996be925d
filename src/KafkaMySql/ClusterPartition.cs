namespace KafkaMySql;

/// <summary>A partition as a heartbeat read it.</summary>
internal sealed record ClusterPartition(int Number, int? Owner, ulong SentSeq, ulong LastSeq, ulong NextSeq);
