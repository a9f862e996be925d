namespace KafkaMySql;

/// <summary>The progress row is gone: the database was restored or reset while it was read. It is made again before the next try.</summary>
internal sealed class InboxRowMissingException(string consumer, int partition)
    : Exception($"partition_progress has no row for '{consumer}' and partition {partition}");
