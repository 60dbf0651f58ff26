using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Freeway.Functions.Http;

/// <summary>
/// The limits of the server in front of the functions, the worker's own and the in-process host's alike. They are wider than
/// ours, so that what is too large is refused in our words: the server's own refusals have no body, and behind the real host
/// they come as a time-out.
/// </summary>
internal static class ServerLimits
{
    /// <summary>In bytes: beyond the largest <see cref="Settings.GatewayOptions.MaxHeaderBytes"/>, with what a front end adds.</summary>
    private const int HeaderBytes = 256 * 1024;

    /// <summary>In bytes: a path with a model id of thousands of characters, percent-encoded.</summary>
    private const int RequestLineBytes = 64 * 1024;

    private const int HeaderCount = 2000;

    public static void Set(KestrelServerOptions server)
    {
        server.Limits.MaxRequestBodySize = null;
        server.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        server.Limits.MaxRequestHeaderCount = HeaderCount;
        server.Limits.MaxRequestLineSize = RequestLineBytes;
    }
}
