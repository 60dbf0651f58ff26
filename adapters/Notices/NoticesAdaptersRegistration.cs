using System.Net;
using Freeway.Adapters.Upstreams;
using Freeway.Gateway.Notices;
using Freeway.Gateway.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Adapters.Notices;

/// <summary>Registers the store of notices and the client for receivers. Needs <c>AddFreewayTables</c>.</summary>
public static class NoticesAdaptersRegistration
{
    public static IServiceCollection AddNoticesAdapters(this IServiceCollection services)
    {
        services.TryAddSingleton(new NoticeOptions());
        services.AddHttpClient(HttpWebhookClient.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(Handler)
            .RemoveAllLoggers();
        return services
            .AddSingleton<INoticeStore, TableNoticeStore>()
            .AddSingleton<IWebhookClient, HttpWebhookClient>();
    }

    private static SocketsHttpHandler Handler(IServiceProvider provider)
    {
        var isPrivateAllowed = provider.GetRequiredService<NoticeOptions>().AllowPrivateReceivers;
        // The delivery tries again by itself, over hours.
        var options = new CallOptions { ConnectRetries = 0 }.With(isPrivateAllowed);
        var connection = new SafeConnection(
            options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Random>().NextDouble,
            Dns.GetHostAddressesAsync);
        return new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            // A redirect would take the notice to where nobody has said that it may go.
            AllowAutoRedirect = false,
            ConnectCallback = connection.ConnectAsync,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
            // Behind a proxy the address that is connected to says nothing of where the notice goes.
            UseProxy = isPrivateAllowed,
        };
    }
}
