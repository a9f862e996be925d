namespace KafkaMySql;

/// <summary>Too many of the log's own records could not be taken in a short time: the partition waits for somebody to look.</summary>
public sealed class InboxStoppedException(string message) : Exception(message);
