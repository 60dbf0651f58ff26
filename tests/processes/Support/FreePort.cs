using System.Net;
using System.Net.Sockets;

namespace Freeway.Processes.Tests.Support;

/// <summary>
/// Ports that a part can take again after it was down. They lie below those that the system hands out for connections:
/// among those, one of the callers that try to reach the part meanwhile could be given its port.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int AfterLast = 32_000;

    private static readonly Random Chance = new();

    public static int Next()
    {
        while (true)
        {
            var port = Any();
            if (!IsTaken(port))
            {
                return port;
            }
        }
    }

    private static int Any()
    {
        // A source of chance is not made for several threads, and tests start side by side.
        lock (Chance)
        {
            return Chance.Next(First, AfterLast);
        }
    }

    public static bool IsTaken(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
