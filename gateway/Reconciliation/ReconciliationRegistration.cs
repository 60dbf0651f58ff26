using Freeway.Gateway.ActivityLog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Gateway.Reconciliation;

/// <summary>Brings the comparison of the books, which is run once a day when the day is closed.</summary>
public static class ReconciliationRegistration
{
    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        services.TryAddSingleton(new ReconciliationOptions());
        services.TryAddSingleton<LastReconciliation>();
        services.TryAddSingleton<Reconciler>();
        services.AddSingleton<IClosingStep, DailyReconciliation>();
        return services;
    }
}
