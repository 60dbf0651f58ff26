using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Inference.Metering;

/// <summary>Brings what learns from usage: one for the process.</summary>
public static class MeteringRegistration
{
    public static IServiceCollection AddMetering(this IServiceCollection services) => services.AddSingleton<TokenEstimator>();
}
