using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>The context of one invocation.</summary>
internal sealed class RunnerFunctionContext(FunctionDefinition function, string id, IServiceProvider services, CancellationToken cancellation)
    : FunctionContext
{
    private RunnerInvocationFeatures? _features;

    public override string InvocationId => id;

    public override string FunctionId => function.Id;

    public override FunctionDefinition FunctionDefinition => function;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features => _features ??= new RunnerInvocationFeatures();

    public override TraceContext TraceContext { get; } = new RunnerTraceContext();

    public override BindingContext BindingContext => RunnerBindingContext.Empty;

    public override RetryContext RetryContext => RunnerRetryContext.Never;

    public override CancellationToken CancellationToken => cancellation;
}
