namespace Freeway.Runner.Local;

/// <summary>Something outside the program keeps it from starting. The message is one line for whoever started it.</summary>
public sealed class LocalSetupException(string message, Exception? inner = null) : Exception(message, inner);
