using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Operations.Alarms;

/// <summary>Brings the board of alarms; the alarms themselves come with their rooms.</summary>
public static class TelemetryRegistration
{
    public static IServiceCollection AddAlarms(this IServiceCollection services) => services
        .AddSingleton<AlarmBoard>()
        .AddHostedService<AlarmWorker>();
}
