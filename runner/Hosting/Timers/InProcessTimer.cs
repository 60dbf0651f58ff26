using Freeway.Runner.Hosting.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner.Hosting.Timers;

/// <summary>Calls a timer function in this process.</summary>
internal sealed class InProcessTimer(FoundFunction function, WorkerPipeline pipeline, IServiceScopeFactory scopes)
{
    private readonly FunctionInvoker<TimerInvocation> _invoker = new(
        function, parameter => parameter.ParameterType == typeof(TimerInfo) ? invocation => invocation.Timer : null, pipeline);

    public async Task CallAsync(string id, TimerInfo timer, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new RunnerFunctionContext(_invoker.Function, () => id, scope.ServiceProvider, () => cancellation);
        await _invoker.InvokeAsync(new TimerInvocation(timer, context));
    }
}

/// <summary>One firing of a timer.</summary>
internal readonly record struct TimerInvocation(TimerInfo Timer, FunctionContext Context) : IInvocation;
