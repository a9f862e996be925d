namespace Processing.Source;

/// <summary>Storage could not be asked, or did not answer what was asked.</summary>
internal sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
