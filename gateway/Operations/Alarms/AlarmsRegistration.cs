using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Operations.Alarms;

/// <summary>Registers the board of alarms; each module registers its own alarms.</summary>
public static class TelemetryRegistration
{
    public static IServiceCollection AddAlarms(this IServiceCollection services) => services
        .AddSingleton<AlarmBoard>()
        .AddHostedService<AlarmWorker>();
}
