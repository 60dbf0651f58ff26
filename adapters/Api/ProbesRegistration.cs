using Freeway.Adapters.Tables;
using Freeway.Gateway.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Adapters.Api;

/// <summary>Brings the probes behind <c>/health/ready</c>.</summary>
public static class ProbesRegistration
{
    public static IServiceCollection AddProbes(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IReadinessProbe, TableProbe>().AddSingleton<IReadinessProbe, QueueProbe>();
        // A connection string needs no roles.
        if (string.IsNullOrEmpty(configuration[TablesRegistration.ConnectionSetting]))
        {
            // Roles are heard of in real time, whatever day the rest of the process believes it is.
            services.AddHostedService(provider => new RoleCheck(
                provider.GetServices<IReadinessProbe>(), provider.GetRequiredService<IHostApplicationLifetime>(), TimeProvider.System, provider.GetRequiredService<ILogger<RoleCheck>>()));
        }

        return services;
    }
}
