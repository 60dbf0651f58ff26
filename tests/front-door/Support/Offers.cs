using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Routing;
using Freeway.Runner.Loopback;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>A gateway that offers what a test says, in the place of <c>catalogue.json</c>.</summary>
public static class Offers
{
    /// <summary>One model, <c>demo/echo</c>, free by the first of these plans.</summary>
    public static Task<TestGateway> StartAsync(params Plan[] plans) =>
        StartAsync([Model("demo/echo", plans[0].Name)], plans);

    public static async Task<TestGateway> StartAsync(IReadOnlyList<Model> models, IReadOnlyList<Plan> plans)
    {
        var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);
        return await TestGateway.StartAsync(
            upstream: upstream,
            services: services => services.AddSingleton(new CatalogueSnapshot(models, plans, [new Upstream("loopback", new Uri(upstream.BaseUrl), null, true)])));
    }

    public static Model Model(string id, string? freePlan = null) =>
        new(id, id, 8192, new Price(100_000_000, 400_000_000), freePlan, freePlan is not null, [new ModelRoute("loopback", "echo")]);

    public static Plan Plan(string name, params Limit[] limits) => new(name, [.. limits.Select(limit => new PlanLimit(limit))]);

    public static Limit Requests(string name, long amount, LimitWindow window, LimitScope scope = LimitScope.OrgModel) =>
        new(name, LimitUnit.Requests, amount, window, scope);
}
