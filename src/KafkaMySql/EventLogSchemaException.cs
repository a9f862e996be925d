namespace KafkaMySql;

/// <summary>The database's tables do not fit this program or its settings. Waiting does not help; the message says what does.</summary>
public sealed class EventLogSchemaException(string message) : Exception(message);
