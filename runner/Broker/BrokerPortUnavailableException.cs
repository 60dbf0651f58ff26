namespace Freeway.Runner.Broker;

/// <summary>The broker cannot listen on its port, most often because another process does.</summary>
public sealed class BrokerPortUnavailableException : IOException
{
    internal BrokerPortUnavailableException(int port, Exception cause)
        : base($"The broker cannot listen on 127.0.0.1:{port}: {cause.Message}.", cause) => Port = port;

    public int Port { get; }
}
