using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>Describes a function to the function itself and to middleware.</summary>
internal sealed class RunnerFunctionDefinition(FoundFunction function) : FunctionDefinition
{
    public override string Id => function.Name;

    public override string Name => function.Name;

    public override string EntryPoint { get; } = $"{function.Class.FullName}.{function.Method.Name}";

    public override string PathToAssembly => function.Class.Assembly.Location;

    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. function.Method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name!, parameter.ParameterType))];

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } =
        ImmutableDictionary<string, BindingMetadata>.Empty.Add(function.Parameter.Name!, new RunnerBindingMetadata(function));

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } =
        ImmutableDictionary<string, BindingMetadata>.Empty;
}

/// <summary>The trigger of a function: the only binding that this host knows.</summary>
internal sealed class RunnerBindingMetadata(FoundFunction function) : BindingMetadata
{
    private const string Suffix = "Attribute";

    public override string Name => function.Parameter.Name!;

    public override string Type { get; } = TypeOf(function.Trigger.GetType().Name);

    public override BindingDirection Direction => BindingDirection.In;

    private static string TypeOf(string attribute) => char.ToLowerInvariant(attribute[0]) + attribute[1..^Suffix.Length];
}
