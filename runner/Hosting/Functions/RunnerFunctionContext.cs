using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>The context of one invocation.</summary>
/// <param name="newId">Makes the id at its first use: most invocations end without one.</param>
/// <param name="cancellation">Makes the token at its first use, likewise; it is asked once.</param>
internal sealed class RunnerFunctionContext(
    FunctionDefinition function, Func<string> newId, IServiceProvider services, Func<CancellationToken> cancellation)
    : FunctionContext
{
    private CancellationToken? _cancellation;
    private string? _id;
    private RunnerInvocationFeatures? _features;

    public override string InvocationId => _id ??= newId();

    public override string FunctionId => function.Id;

    public override FunctionDefinition FunctionDefinition => function;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features => _features ??= new RunnerInvocationFeatures();

    public override TraceContext TraceContext { get; } = new RunnerTraceContext();

    public override BindingContext BindingContext => RunnerBindingContext.Empty;

    public override RetryContext RetryContext => RunnerRetryContext.Never;

    public override CancellationToken CancellationToken => _cancellation ??= cancellation();
}

/// <summary>Carries nothing: functions here take what they need as parameters.</summary>
internal sealed class RunnerBindingContext : BindingContext
{
    public static readonly RunnerBindingContext Empty = new();

    public override IReadOnlyDictionary<string, object?> BindingData => ImmutableDictionary<string, object?>.Empty;
}

internal sealed class RunnerInvocationFeatures : IInvocationFeatures
{
    /// <summary>One or two, so that to go through them is cheaper than to look them up.</summary>
    private readonly List<KeyValuePair<Type, object>> _features = new(capacity: 1);

    public void Set<T>(T instance)
    {
        _features.RemoveAll(static feature => feature.Key == typeof(T));
        _features.Add(new(typeof(T), instance!));
    }

    public T? Get<T>()
    {
        foreach (var (type, feature) in _features)
        {
            if (type == typeof(T))
            {
                return (T)feature;
            }
        }

        return default;
    }

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Says that an invocation is not a retry: this host does not run one a second time.</summary>
internal sealed class RunnerRetryContext : RetryContext
{
    public static readonly RunnerRetryContext Never = new();

    public override int RetryCount => 0;

    public override int MaxRetryCount => 0;
}

/// <summary>The trace that the invocation belongs to.</summary>
internal sealed class RunnerTraceContext : TraceContext
{
    private readonly Activity? _activity = Activity.Current;

    public override string TraceParent => _activity?.Id ?? "";

    public override string TraceState => _activity?.TraceStateString ?? "";
}
