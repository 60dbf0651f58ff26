using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace Freeway.Bench.Targets;

/// <summary>Is YARP with one route to one destination: what a proxy costs that only forwards.</summary>
internal static class YarpProxy
{
    public static void Add(IServiceCollection services, string upstream) => services.AddReverseProxy().LoadFromMemory(
        [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "/{**path}" } }],
        [
            new ClusterConfig
            {
                ClusterId = "upstream",
                Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = upstream } },
            },
        ]);

    public static void Map(WebApplication app) => app.MapReverseProxy();
}
