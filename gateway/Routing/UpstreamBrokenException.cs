namespace Freeway.Gateway.Routing;

/// <summary>An upstream failed too often of late and was not called.</summary>
public sealed class UpstreamBrokenException(Exception? inner = null) : Exception("It failed too often of late and is left alone for a while.", inner);
