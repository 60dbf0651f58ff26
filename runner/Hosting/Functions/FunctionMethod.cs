using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>
/// Calls a function's method with boxed arguments, and awaits what it gives back. The runtime's own invokers do it: they
/// cost a start less than expressions that have to be compiled.
/// </summary>
internal sealed class FunctionMethod
{
    private readonly MethodInvoker _call;
    private readonly Func<object?, ValueTask<object?>> _result;

    private FunctionMethod(MethodInvoker call, Func<object?, ValueTask<object?>> result)
    {
        _call = call;
        _result = result;
    }

    public static FunctionMethod Of(MethodInfo method) => new(MethodInvoker.Create(method), Result(method.ReturnType));

    /// <summary>
    /// The method's result once it is there, null where it has none. Its exceptions come as they were thrown.
    /// </summary>
    public ValueTask<object?> InvokeAsync(object? target, object?[] arguments) =>
        _result(_call.Invoke(target, arguments.AsSpan()));

    /// <summary>Makes what creates a class from services, as <see cref="ActivatorUtilities"/> does.</summary>
    public static Func<IServiceProvider, object> Constructor(Type type)
    {
        if (type.GetConstructors() is not [var constructor] || !Array.TrueForAll(constructor.GetParameters(), IsPlain))
        {
            var create = ActivatorUtilities.CreateFactory(type, []);
            return services => create(services, null);
        }

        var invoker = ConstructorInvoker.Create(constructor);
        var types = Array.ConvertAll(constructor.GetParameters(), parameter => parameter.ParameterType);
        return services =>
        {
            var arguments = new object?[types.Length];
            for (var i = 0; i < arguments.Length; i++)
            {
                arguments[i] = services.GetRequiredService(types[i]);
            }

            return invoker.Invoke(arguments.AsSpan());
        };
    }

    /// <summary>Tells whether a parameter is filled by its type alone.</summary>
    private static bool IsPlain(ParameterInfo parameter) =>
        !parameter.HasDefaultValue && !parameter.IsDefined(typeof(FromKeyedServicesAttribute));

    private static Func<object?, ValueTask<object?>> Result(Type type)
    {
        if (type == typeof(Task))
        {
            return async task => { await (Task)task!; return null; };
        }

        if (type == typeof(ValueTask))
        {
            return async task => { await (ValueTask)task!; return null; };
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        var reader = definition == typeof(Task<>) ? nameof(OfTask) : definition == typeof(ValueTask<>) ? nameof(OfValueTask) : null;
        return reader is null
            ? ValueTask.FromResult
            : typeof(FunctionMethod).GetMethod(reader, BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type.GetGenericArguments())
                .CreateDelegate<Func<object?, ValueTask<object?>>>();
    }

    private static async ValueTask<object?> OfTask<T>(object? task) => await (Task<T>)task!;

    private static async ValueTask<object?> OfValueTask<T>(object? task) => await (ValueTask<T>)task!;
}
