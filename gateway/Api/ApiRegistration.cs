using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Api;

/// <summary>
/// Registers what reports about this instance. The handlers of the endpoints are registered with their endpoints.
/// </summary>
public static class ApiRegistration
{
    public static IServiceCollection AddReadiness(this IServiceCollection services) => services
        .AddSingleton<IReadinessProbe, CatalogueProbe>()
        .AddHostedService<UpstreamGauges>()
        .AddSingleton<Readiness>();
}
