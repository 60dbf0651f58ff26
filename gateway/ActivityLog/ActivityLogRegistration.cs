using Freeway.Gateway.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Registers what writes the log, sends what waits, recovers and closes the days. The ports come with the
/// adapters.
/// </summary>
public static class ActivityLogRegistration
{
    public static IServiceCollection AddActivityLog(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new ActivityIngestOptions());
        services.TryAddSingleton(new DayCloserOptions());
        services.TryAddSingleton(new ActivityRetention());
        services.TryAddSingleton(provider => new DayClock(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ActivityIngest>();
        services.TryAddSingleton<DayCloser>();
        services.TryAddSingleton<ActivityPurger>();
        services.AddSingleton<IDayClosingStep>(provider => provider.GetRequiredService<ActivityPurger>());
        services.TryAddSingleton<ActivityOutbox>();
        services.TryAddSingleton<LedgerRecovery>();
        services.AddSingleton<IAlarm, ResetAlarm>().AddSingleton<IAlarm, OutboxAlarm>().AddSingleton<IAlarm, DeadLetterAlarm>();
        services.TryAddSingleton<IdSource>();
        services.TryAddSingleton<RefusalCounter>();
        services.TryAddSingleton<AbandonedRows>();
        services.AddHostedService<OutboxWorker>();
        services.AddHostedService<AbandonedRowsWorker>();
        services.AddHostedService<RefusalCountWorker>();
        return services;
    }
}
