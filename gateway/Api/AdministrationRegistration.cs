using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Api;

/// <summary>Brings what operators can change.</summary>
public static class AdministrationRegistration
{
    public static IServiceCollection AddAdministration(this IServiceCollection services) => services
        .AddSingleton<Orgs>()
        .AddSingleton<ApiKeys>()
        .AddSingleton<ManagementKeys>()
        .AddSingleton<Credits>()
        .AddSingleton<AuditTrail>();
}
