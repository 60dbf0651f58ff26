namespace Microsoft.Azure.Functions.Worker;

/// <summary>What is known about one invocation.</summary>
public abstract class FunctionContext
{
    /// <summary>Of this invocation alone.</summary>
    public abstract string InvocationId { get; }

    /// <summary>Of the function, the same in every invocation.</summary>
    public abstract string FunctionId { get; }

    public abstract TraceContext TraceContext { get; }

    public abstract BindingContext BindingContext { get; }

    public abstract RetryContext RetryContext { get; }

    public abstract IServiceProvider InstanceServices { get; set; }

    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Shared by all that takes part in this invocation.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    public abstract IInvocationFeatures Features { get; }

    /// <summary>Fires when the caller leaves or the host shuts down.</summary>
    public virtual CancellationToken CancellationToken { get; }
}
