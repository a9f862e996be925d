namespace KafkaMySql;

/// <summary>Rows, bytes and age of what waits for Kafka.</summary>
internal sealed record BacklogSize(long Rows, long Bytes, TimeSpan Age);
