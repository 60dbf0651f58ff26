using System.Net;
using Freeway.Gateway.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Adapters.Upstreams;

/// <summary>
/// Brings the client for upstreams: pooled connections to safe addresses, no redirects, time limits by token alone.
/// </summary>
public static class UpstreamsRegistration
{
    public static IServiceCollection AddUpstreams(this IServiceCollection services)
    {
        services.TryAddSingleton(new CallOptions());
        services.AddHttpClient(UpstreamClients.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(Handler)
            .RemoveAllLoggers();
        return services
            .AddSingleton<UpstreamClients>()
            .AddSingleton<IUpstreamClient, RefitUpstreamClient>()
            .AddSingleton<IUpstreamDirectory, RefitUpstreamDirectory>()
            .AddSingleton<IUpstreamBreakers, PollyBreakers>();
    }

    private static SocketsHttpHandler Handler(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<CallOptions>();
        var connection = new SafeConnection(
            options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Random>().NextDouble, Dns.GetHostAddressesAsync);
        return new SocketsHttpHandler
        {
            // Nothing of a caller's request goes along but its body: no trace, no baggage.
            ActivityHeadersPropagator = null,
            // A redirect would take the key elsewhere.
            AllowAutoRedirect = false,
            ConnectCallback = connection.ConnectAsync,
            // Beyond every try and every pause: what is left of it is for TLS.
            ConnectTimeout = ((options.ConnectRetries + 1) * options.Connect) + (Math.Pow(2, options.ConnectRetries + 1) * options.ConnectPause),
            EnableMultipleHttp2Connections = true,
            // Closing an answer half-way must reach the upstream at once, not after reading the rest of it.
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
            // Behind a proxy the address that is connected to says nothing of where the request goes.
            UseProxy = options.AllowsPrivate(),
        };
    }
}
