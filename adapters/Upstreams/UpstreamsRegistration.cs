using Freeway.Gateway.Upstreams;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Upstreams;

/// <summary>Brings the client for upstreams: pooled connections, no redirects, time limits by token alone.</summary>
public static class UpstreamsRegistration
{
    public static IServiceCollection AddUpstreams(this IServiceCollection services)
    {
        services.AddHttpClient(RefitUpstreamClient.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                EnableMultipleHttp2Connections = true,
                // Closing an answer half-way must reach the upstream at once, not after reading the rest of it.
                MaxResponseDrainSize = 0,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                UseCookies = false,
            })
            .RemoveAllLoggers();
        return services.AddSingleton<IUpstreamClient, RefitUpstreamClient>();
    }
}
