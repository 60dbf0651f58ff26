namespace Freeway.Adapters.Upstreams;

/// <summary>An upstream's name leads to nothing but private addresses. It is not tried again, and the address is not told.</summary>
public sealed class PrivateAddressException() : IOException("its name leads to a private address");
