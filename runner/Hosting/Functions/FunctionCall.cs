namespace Freeway.Runner.Hosting.Functions;

/// <summary>One call on its way through the middleware, and what it gave back.</summary>
internal sealed class FunctionCall<TInvocation>(TInvocation invocation)
{
    public TInvocation Invocation => invocation;

    public object? Result { get; set; }
}
