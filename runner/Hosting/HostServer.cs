using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Freeway.Runner.Hosting;

/// <summary>A host of functions, wherever these run.</summary>
internal interface IFunctionHost : IAsyncDisposable
{
    /// <summary>Gets the address that the web server listens at, without a slash at the end.</summary>
    Uri Url { get; }

    /// <summary>
    /// Runs a timer function now, apart from its schedule; ends when it has, and throws what it throws.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such timer.</exception>
    Task RunTimerAsync(string function);
}

/// <summary>Builds the web servers of both hosts, with the same limits.</summary>
internal static class HostServer
{
    /// <summary>Kept for what a function does once it has been told to give up.</summary>
    public static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(5);

    /// <summary>In bytes, of headers together.</summary>
    private const int Headers = 32 * 1024;

    private const int HeaderCount = 100;

    /// <summary>In bytes, of method and path together.</summary>
    private const int RequestLine = 8 * 1024;

    /// <summary>In bytes; the setting that the real host has for it goes over this.</summary>
    private const long Body = 104_857_600;

    private const string BodySetting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";

    /// <summary>The address that this machine reaches the server at.</summary>
    /// <param name="listening">
    /// An address that the server listens at; one that stands for all of the machine's becomes <c>localhost</c>.
    /// </param>
    public static Uri Reachable(string listening)
    {
        var url = new Uri(listening);
        var isAny = IPAddress.TryParse(url.DnsSafeHost, out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        return isAny ? new UriBuilder(url) { Host = "localhost" }.Uri : url;
    }

    /// <summary>
    /// Lowers the limits of a server to those of the real host's server. Where the functions run in the same process,
    /// the app has raised them, as it does in the worker; behind the host that helps nobody.
    /// </summary>
    public static void Limit(KestrelServerLimits limits, IConfiguration settings)
    {
        var body = settings.GetValue(BodySetting, Body);
        limits.MaxRequestBodySize = Math.Min(limits.MaxRequestBodySize ?? body, body);
        limits.MaxRequestHeadersTotalSize = Math.Min(limits.MaxRequestHeadersTotalSize, Headers);
        limits.MaxRequestHeaderCount = Math.Min(limits.MaxRequestHeaderCount, HeaderCount);
        limits.MaxRequestLineSize = Math.Min(limits.MaxRequestLineSize, RequestLine);
    }

    /// <summary>Listens at an address, or on the loopback interface.</summary>
    /// <param name="bind">An address of this machine, or one that stands for all; null for loopback alone.</param>
    /// <param name="port">TCP port; 0 takes a free one.</param>
    public static void Listen(KestrelServerOptions kestrel, IPAddress? bind, int port)
    {
        kestrel.AddServerHeader = false;
        if (bind is not null)
        {
            kestrel.Listen(bind, port);
        }
        else if (port == 0)
        {
            kestrel.Listen(IPAddress.Loopback, 0);
        }
        else
        {
            kestrel.ListenLocalhost(port);
        }
    }
}

/// <summary>
/// The host lives as long as its caller says; signals are the caller's affair, for many hosts may share a process.
/// </summary>
internal sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Another process listens on the port that was asked for.</summary>
public sealed class PortTakenException(int port, Exception? inner = null)
    : IOException($"Port {port} is taken by another process: choose another with --port.", inner)
{
    public int Port => port;
}
