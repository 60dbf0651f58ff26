using Freeway.Gateway.Routing.Allowances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Gateway.Routing;

/// <summary>Brings what routes are chosen by: the upstreams' allowances, and who is parked.</summary>
public static class RoutingRegistration
{
    public static IServiceCollection AddRoutes(this IServiceCollection services)
    {
        services.TryAddSingleton(new AllowanceOptions());
        services.TryAddSingleton(new ParkingOptions());
        services.TryAddSingleton(new BreakerOptions());
        return services
            .AddSingleton<Allowances.Allowances>()
            .AddSingleton<Parking>()
            .AddSingleton<Latencies>()
            .AddSingleton<RouteStandings>()
            .AddHostedService<AllowanceKeeper>();
    }
}
