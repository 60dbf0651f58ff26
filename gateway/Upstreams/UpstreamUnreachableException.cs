namespace Freeway.Gateway.Upstreams;

/// <summary>An upstream gave no answer at all, or none that can be used. The message names the reason, never an address or a key.</summary>
public sealed class UpstreamUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
