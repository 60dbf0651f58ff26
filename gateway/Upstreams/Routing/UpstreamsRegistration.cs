using Freeway.Gateway.Upstreams.Leasing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Gateway.Upstreams.Routing;

/// <summary>Brings what routes are chosen by: the upstreams' allowances, and who is parked.</summary>
public static class RoutingRegistration
{
    public static IServiceCollection AddRoutes(this IServiceCollection services)
    {
        services.TryAddSingleton(new QuotaLeaseOptions());
        services.TryAddSingleton(new ParkingOptions());
        services.TryAddSingleton(new BreakerOptions());
        return services
            .AddSingleton<QuotaLeases>()
            .AddSingleton<Parking>()
            .AddSingleton<Latencies>()
            .AddSingleton<RouteEvaluator>()
            .AddHostedService<QuotaLeaseWorker>();
    }
}
