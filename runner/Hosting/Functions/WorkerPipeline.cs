using System.Collections.Frozen;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>
/// The app's own middleware, run around every invocation in the order in which it was added, as the worker does.
/// </summary>
internal sealed class WorkerPipeline(IServiceCollection services) : IFunctionsWorkerApplicationBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];
    private readonly Lazy<FrozenSet<Type>> _singletons = new(() => services
        .Where(service => !service.IsKeyedService)
        .GroupBy(service => service.ServiceType)
        .Where(type => type.Last().Lifetime is ServiceLifetime.Singleton)
        .Select(type => type.Key)
        .ToFrozenSet());

    public IServiceCollection Services => services;

    /// <summary>Gets the types of which the whole app has one instance. None is added once the app is built.</summary>
    public FrozenSet<Type> Singletons => _singletons.Value;

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }

    public FunctionExecutionDelegate Around(FunctionExecutionDelegate function) =>
        Enumerable.Reverse(_middleware).Aggregate(function, (next, middleware) => middleware(next));
}
