using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.OpenApi;

/// <summary>A port that, once it is broken, throws what no port may throw.</summary>
public class BreakablePort : DispatchProxy
{
    private object _inner = null!;
    private Func<bool> _isBroken = null!;

    /// <summary>Puts it around the port that is registered.</summary>
    public static void Wrap<T>(IServiceCollection services, Func<bool> isBroken)
        where T : class
    {
        var registered = services.Last(service => service.ServiceType == typeof(T));
        services.AddSingleton(provider =>
        {
            var proxy = Create<T, BreakablePort>();
            var own = (BreakablePort)(object)proxy;
            own._isBroken = isBroken;
            own._inner = registered.ImplementationInstance ?? registered.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!);
            return proxy;
        });
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _isBroken() ? throw new InvalidOperationException("a bug, for a test") : targetMethod!.Invoke(_inner, args);
}
