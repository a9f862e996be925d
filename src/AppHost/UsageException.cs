namespace AppHost;

/// <summary>The start cannot go on, and its message tells the user why and what to do, in a sentence or two.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
