using System.Net;
using System.Net.Sockets;
using Freeway.Runner.Hosting;

namespace Freeway.Runner.Local;

/// <summary>Finds out that a port is taken before anything else is started for nothing.</summary>
internal static class PortProbe
{
    /// <param name="bind">The address to listen at; null for the loopback interface.</param>
    /// <exception cref="PortTakenException">Another process listens on it.</exception>
    /// <exception cref="LocalSetupException">The address is none of this machine's.</exception>
    public static void EnsureFree(int port, IPAddress? bind = null)
    {
        using var probe = new TcpListener(bind ?? IPAddress.Loopback, port);
        try
        {
            probe.Start();
        }
        catch (SocketException e) when (bind is not null && e.SocketErrorCode is not SocketError.AddressAlreadyInUse)
        {
            throw new LocalSetupException($"This machine cannot listen at {bind}: {e.Message}.", e);
        }
        catch (SocketException e)
        {
            throw new PortTakenException(port, e);
        }
    }
}
