using System.Net;
using System.Net.Sockets;
using Freeway.Runner.Hosting;

namespace Freeway.Runner.Local;

/// <summary>Finds out that a port is taken before anything else is started for nothing.</summary>
internal static class PortProbe
{
    /// <exception cref="PortTakenException">Another process listens on it.</exception>
    public static void EnsureFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
        }
        catch (SocketException e)
        {
            throw new PortTakenException(port, e);
        }
    }
}
