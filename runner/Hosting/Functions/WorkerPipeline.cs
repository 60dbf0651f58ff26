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

    public IServiceCollection Services => services;

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }

    public FunctionExecutionDelegate Around(FunctionExecutionDelegate function) =>
        Enumerable.Reverse(_middleware).Aggregate(function, (next, middleware) => middleware(next));
}
