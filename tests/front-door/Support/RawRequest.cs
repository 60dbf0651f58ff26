using System.Net.Sockets;
using System.Text;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>Requests that no client library would send.</summary>
internal static class RawRequest
{
    /// <summary>Sends these very bytes, which no client library would, and reads until the server has closed.</summary>
    public static async Task<string> SendRawAsync(this TestGateway gateway, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Host.Url.Host, gateway.Host.Url.Port);
        await using var stream = client.GetStream();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), limit.Token);
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // A server that closes with some of the request unread resets the connection after its answer.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
