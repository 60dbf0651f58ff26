using Freeway.Gateway.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Views;

/// <summary>Brings the probes behind <c>/health/ready</c>.</summary>
public static class ProbesRegistration
{
    public static IServiceCollection AddProbes(this IServiceCollection services) => services
        .AddSingleton<IReadinessProbe, TableProbe>()
        .AddSingleton<IReadinessProbe, QueueProbe>();
}
