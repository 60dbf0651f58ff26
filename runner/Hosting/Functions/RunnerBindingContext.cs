using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>Carries nothing: functions here take what they need as parameters.</summary>
internal sealed class RunnerBindingContext : BindingContext
{
    public static readonly RunnerBindingContext Empty = new();

    public override IReadOnlyDictionary<string, object?> BindingData => ImmutableDictionary<string, object?>.Empty;
}
