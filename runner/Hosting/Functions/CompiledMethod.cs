using System.Linq.Expressions;
using System.Reflection;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>A method as two delegates: one calls it with boxed arguments, one awaits what it gave back.</summary>
internal sealed class CompiledMethod
{
    private readonly Func<object?, object?[], object?> _call;
    private readonly Func<object?, ValueTask<object?>> _result;

    private CompiledMethod(Func<object?, object?[], object?> call, Func<object?, ValueTask<object?>> result)
    {
        _call = call;
        _result = result;
    }

    public static CompiledMethod Of(MethodInfo method) => new(Call(method), Result(method.ReturnType));

    /// <summary>
    /// The method's result once it is there, null where it has none. Its exceptions come as they were thrown.
    /// </summary>
    public ValueTask<object?> InvokeAsync(object? target, object?[] arguments) => _result(_call(target, arguments));

    private static Func<object?, object?[], object?> Call(MethodInfo method)
    {
        var target = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var call = Expression.Call(
            method.IsStatic ? null : Expression.Convert(target, method.DeclaringType!),
            method,
            method.GetParameters().Select(Expression (parameter, i) =>
                Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), parameter.ParameterType)));
        Expression body = method.ReturnType == typeof(void)
            ? Expression.Block(call, Expression.Constant(null))
            : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object?, object?[], object?>>(body, target, arguments).Compile();
    }

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
            : typeof(CompiledMethod).GetMethod(reader, BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type.GetGenericArguments())
                .CreateDelegate<Func<object?, ValueTask<object?>>>();
    }

    private static async ValueTask<object?> OfTask<T>(object? task) => await (Task<T>)task!;

    private static async ValueTask<object?> OfValueTask<T>(object? task) => await (ValueTask<T>)task!;
}
