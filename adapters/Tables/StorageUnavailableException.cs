namespace Freeway.Adapters.Tables;

/// <summary>Storage could not be reached, or gave no certain answer in the time that was left.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
