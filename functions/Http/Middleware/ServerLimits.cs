using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Freeway.Functions.Http.Middleware;

/// <summary>
/// Raises the web server's limits above all of ours (<see cref="Settings.GatewayOptions"/>), so that callers get our
/// own refusals. What the server itself refuses has no body, and the Functions host waits long for that answer.
/// </summary>
internal static class ServerLimits
{
    /// <summary>
    /// The largest sum of headers in bytes, the most that the server allows: what it buffers of a request.
    /// </summary>
    private const int Headers = 1024 * 1024;

    /// <summary>The longest request line in bytes. The host takes 8 KiB.</summary>
    private const int RequestLine = 64 * 1024;

    /// <summary>The largest number of headers. The host takes 100, and adds its own.</summary>
    private const int HeaderCount = 10_000;

    public static void Raise(KestrelServerOptions server)
    {
        server.Limits.MaxRequestBodySize = null; // bodies are measured as they are read
        server.Limits.MaxRequestHeadersTotalSize = Headers;
        server.Limits.MaxRequestLineSize = RequestLine;
        server.Limits.MaxRequestHeaderCount = HeaderCount;
    }
}
