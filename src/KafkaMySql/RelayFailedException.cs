namespace KafkaMySql;

/// <summary>Kafka did not acknowledge a batch in full.</summary>
internal sealed class RelayFailedException(string reason) : Exception(reason);
