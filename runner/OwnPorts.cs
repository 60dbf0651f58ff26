namespace Freeway.Runner;

/// <summary>TCP ports on 127.0.0.1 of the parts that a Freeway starts for itself.</summary>
public sealed record OwnPorts(int Tables = 0, int Broker = 0, int Upstream = 0);
