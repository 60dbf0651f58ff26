using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Gateway.Operations.Reconciliation;

/// <summary>Brings the comparison of the books, which is run once a day when the day is closed.</summary>
public static class ReconciliationRegistration
{
    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        services.TryAddSingleton(new ReconciliationOptions());
        services.TryAddSingleton<LastReconciliation>();
        services.TryAddSingleton<Reconciler>();
        services.AddSingleton<IDayClosingStep, DailyReconciliation>();
        services.AddSingleton<IAlarm, DriftAlarm>();
        return services;
    }
}
