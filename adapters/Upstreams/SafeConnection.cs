using System.Net;
using System.Net.Sockets;
using Freeway.Gateway.Upstreams;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Freeway.Adapters.Upstreams;

/// <summary>
/// Opens connections to upstreams. What counts is the address that is connected to, not what a name led to when the
/// settings were read: a name that leads elsewhere since does not reach into a private network. Only here is anything
/// tried again: nothing of a request has gone out yet. What an upstream answers is never tried again on the same one.
/// </summary>
/// <param name="resolve">Looks a name up.</param>
/// <param name="chance">Spreads the tries of many instances; 0 to 1.</param>
internal sealed class SafeConnection(
    CallOptions options, TimeProvider clock, Func<double> chance, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private readonly ResiliencePipeline _tries = Tries(options, clock, chance);

    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) => _tries.ExecuteAsync(
        static (state, token) => state.Connection.TryAsync(state.Context, token), (Connection: this, Context: context), cancellation);

    private async ValueTask<Stream> TryAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var target = context.DnsEndPoint;
        var isLoopback = context.InitialRequestMessage.RequestUri?.IsLoopback is true;
        var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await resolve(target.Host, cancellation);
        IPAddress[] allowed =
            [.. addresses.Where(address => options.AllowsPrivate() || !PrivateAddress.Is(address) || (isLoopback && IPAddress.IsLoopback(address)))];
        if (allowed.Length is 0)
        {
            throw addresses.Length is 0 ? new SocketException((int)SocketError.HostNotFound) : new PrivateAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static ResiliencePipeline Tries(CallOptions options, TimeProvider clock, Func<double> chance)
    {
        var tries = new ResiliencePipelineBuilder { TimeProvider = clock };
        if (options.ConnectRetries > 0)
        {
            tries.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SocketException>().Handle<TimeoutRejectedException>(),
                MaxRetryAttempts = options.ConnectRetries,
                Delay = options.ConnectPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = chance,
            });
        }

        return tries.AddTimeout(options.Connect).Build();
    }
}

/// <summary>
/// An upstream's name leads to nothing but private addresses. It is not tried again, and the address is not told.
/// </summary>
public sealed class PrivateAddressException() : IOException("its name leads to a private address");
