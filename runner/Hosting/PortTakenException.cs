namespace Freeway.Runner.Hosting;

/// <summary>Another process listens on the port that was asked for.</summary>
public sealed class PortTakenException(int port, Exception? inner = null)
    : IOException($"Port {port} is taken by another process: choose another with --port.", inner)
{
    public int Port => port;
}
