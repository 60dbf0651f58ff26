using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>Brings the simulator.</summary>
public static class SimulationRegistration
{
    public static IServiceCollection AddSimulation(this IServiceCollection services) => services
        .AddSingleton<DayRecords>()
        .AddSingleton<DaySimulator>();
}
