namespace Freeway.Runner.Hosting;

/// <summary>Functions that cannot be run as they are declared. The message names each of them and why.</summary>
public sealed class FunctionBindingException(string message) : Exception(message);
