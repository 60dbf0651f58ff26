using System.Reflection;
using Freeway.Runner.Hosting.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>
/// Calls one function, inside the app's middleware. Its parameters are bound when this is made. Its constructor and its
/// method are looked up at the first call: a host starts with all of its functions, and most are not called for long.
/// </summary>
internal sealed class FunctionInvoker<TInvocation> where TInvocation : IInvocation
{
    private readonly Lazy<Func<IServiceProvider, object>>? _create;
    private readonly Bind<TInvocation>[] _parameters;
    private readonly Lazy<FunctionMethod> _method;
    private readonly FunctionExecutionDelegate _pipeline;

    /// <exception cref="FunctionBindingException">A parameter is of a kind that the trigger cannot fill.</exception>
    public FunctionInvoker(FoundFunction function, BindRule<TInvocation> rule, WorkerPipeline pipeline)
    {
        Function = new RunnerFunctionDefinition(function);
        _create = function.Method.IsStatic ? null : new(() => FunctionMethod.Constructor(function.Class));
        _parameters =
            [.. function.Method.GetParameters().Select(parameter => rule(parameter) ?? CommonRule(parameter))];
        _method = new(() => FunctionMethod.Of(function.Method));
        _pipeline = pipeline.Around(CallAsync);
    }

    public RunnerFunctionDefinition Function { get; }

    /// <summary>Calls the function and returns its result; null too where a middleware did not let it run.</summary>
    public async ValueTask<object?> InvokeAsync(TInvocation invocation)
    {
        var call = new FunctionCall<TInvocation>(invocation);
        invocation.Context.Features.Set(call);
        await _pipeline(invocation.Context);
        return call.Result;
    }

    private async Task CallAsync(FunctionContext context)
    {
        var call = context.Features.Get<FunctionCall<TInvocation>>()!;
        call.Result = await CallAsync(call.Invocation);
    }

    private async ValueTask<object?> CallAsync(TInvocation invocation)
    {
        var target = _create?.Value(invocation.Context.InstanceServices);
        try
        {
            var arguments = new object?[_parameters.Length];
            for (var i = 0; i < arguments.Length; i++)
            {
                arguments[i] = _parameters[i](invocation);
            }

            return await _method.Value.InvokeAsync(target, arguments);
        }
        finally
        {
            if (target is IAsyncDisposable later)
            {
                await later.DisposeAsync();
            }
            else
            {
                (target as IDisposable)?.Dispose();
            }
        }
    }

    private static Bind<TInvocation> CommonRule(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(FunctionContext))
        {
            return invocation => invocation.Context;
        }

        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return invocation => invocation.Context.CancellationToken;
        }

        throw new FunctionBindingException($"nothing fills the parameter {parameter.Name} of type {parameter.ParameterType.Name}");
    }
}

/// <summary>Gives a parameter's value for one invocation.</summary>
internal delegate object? Bind<in TInvocation>(TInvocation invocation);

/// <summary>Makes the binding by which a trigger fills a parameter; null where it has nothing for it.</summary>
internal delegate Bind<TInvocation>? BindRule<in TInvocation>(ParameterInfo parameter);

/// <summary>One call on its way through the middleware, and what it gave back.</summary>
internal sealed class FunctionCall<TInvocation>(TInvocation invocation)
{
    public TInvocation Invocation => invocation;

    public object? Result { get; set; }
}

/// <summary>Represents the event that triggered a function, and the context that the function runs in.</summary>
internal interface IInvocation
{
    FunctionContext Context { get; }
}
