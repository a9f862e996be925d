namespace KafkaMySql;

/// <summary>The inbox's database does not fit the settings; nothing is read until one of them is mended.</summary>
public sealed class InboxSetupException(string message) : Exception(message);
