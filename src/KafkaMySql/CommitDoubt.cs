namespace KafkaMySql;

/// <summary>A commit whose outcome is not known; its first row tells.</summary>
internal sealed record CommitDoubt(int Partition, ulong Seq, string TraceId);
