using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Runner.Hosting.Queues;
using Freeway.Runner.Hosting.Timers;
using Freeway.Runner.Worker.Protocol;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Worker;

/// <summary>A function as the worker declares it: its name, and what triggers it.</summary>
/// <param name="Parameter">The name of the parameter that the trigger fills.</param>
/// <param name="Trigger">The binding that triggers it, with fields in any case.</param>
internal sealed record WorkerFunction(string Name, string Parameter, JsonObject Trigger)
{
    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    public string Type => Text("type")!;

    public bool IsHttp => Is("httpTrigger");

    public bool IsTimer => Is("timerTrigger");

    public bool IsQueue => Is("serviceBusTrigger");

    /// <summary>Gets the route of an HTTP function; null where the function's name is its route.</summary>
    public string? Route => Text("route");

    /// <summary>Empty for any.</summary>
    public string[] Methods =>
        Trigger["methods"] is JsonArray methods ? [.. methods.Select(method => (string)method!)] : [];

    /// <summary>Gets the level of key that a caller needs; where none is named, a function key.</summary>
    public AuthorizationLevel Level =>
        Enum.TryParse<AuthorizationLevel>(Text("authLevel"), ignoreCase: true, out var level)
            ? level
            : AuthorizationLevel.Function;

    public TimerTrigger Timer => new(Text("schedule")!, Flag("runOnStartup") ?? false, Flag("useMonitor") ?? true);

    public QueueTrigger Queue => new(
        Text("queueName"), Text("topicName"), Text("subscriptionName"), Text("connection"),
        Text("cardinality")?.Equals("Many", StringComparison.OrdinalIgnoreCase) ?? false,
        Flag("autoCompleteMessages"), Flag("isSessionsEnabled") ?? false);

    /// <summary>Gets whether the worker takes messages whole, and not just their bodies.</summary>
    public bool TakesWholeMessages =>
        Trigger["properties"]?["supportsDeferredBinding"] is { } deferred
        && bool.TryParse(deferred.ToString(), out var takes) && takes;

    /// <summary>Gets whether the parameter that takes a message is of bytes, and not of text.</summary>
    public bool TakesBytes => Text("dataType")?.Equals("Binary", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <exception cref="InvalidDataException">Not exactly one of its bindings is a trigger.</exception>
    public static WorkerFunction Read(RpcFunctionMetadata declared)
    {
        var triggers = declared.RawBindings
            .Select(binding => JsonNode.Parse(binding, AnyCase)!.AsObject())
            .Where(binding =>
                ((string?)binding["type"])?.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase) ?? false)
            .ToList();
        return triggers is [var trigger]
            ? new WorkerFunction(declared.Name, (string)trigger["name"]!, trigger)
            : throw new InvalidDataException($"{declared.Name} has {triggers.Count} triggers instead of one");
    }

    private bool Is(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    private string? Text(string name) => (string?)Trigger[name];

    private bool? Flag(string name) => Trigger[name]?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
