using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>The trigger of a function: the only binding that this host knows.</summary>
internal sealed class RunnerBindingMetadata(FoundFunction function) : BindingMetadata
{
    private const string Suffix = "Attribute";

    public override string Name => function.Parameter.Name!;

    public override string Type { get; } = TypeOf(function.Trigger.GetType().Name);

    public override BindingDirection Direction => BindingDirection.In;

    private static string TypeOf(string attribute) => char.ToLowerInvariant(attribute[0]) + attribute[1..^Suffix.Length];
}
