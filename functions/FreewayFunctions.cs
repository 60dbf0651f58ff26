using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Functions;

/// <summary>Everything that the functions need, composed the same for the worker and for one process on one machine.</summary>
public static class FreewayFunctions
{
    public static IServiceCollection AddFreeway(this IServiceCollection services, IConfiguration configuration) => services;
}
