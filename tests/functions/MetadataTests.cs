using System.Reflection;
using System.Text.Json;
using Freeway.Functions.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Freeway.Functions.Tests;

/// <summary>
/// The host learns of the functions by what the worker's SDK generates, in one of two forms: a file beside the program,
/// and a class in it. Both must say what the attributes say, for only those are read by people.
/// </summary>
public sealed class MetadataTests
{
    private static readonly Assembly Program = typeof(ModelsFunction).Assembly;

    private static readonly IReadOnlyList<string> Declared =
    [
        .. from type in Program.GetExportedTypes()
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           let triggers = from parameter in method.GetParameters()
                          let trigger = parameter.GetCustomAttribute<TriggerBindingAttribute>()
                          where trigger is not null
                          select $"{parameter.Name}: {Text(trigger)}"
           let line = $"{function.Name} {type.FullName}.{method.Name} {triggers.Single()}"
           orderby line
           select line,
    ];

    [Fact]
    public void File_BesideTheProgram_SaysWhatTheAttributesSay()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "functions.metadata");
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));

        var lines = file.RootElement.EnumerateArray().Select(function => Line(
            function.GetProperty("name").GetString(),
            function.GetProperty("entryPoint").GetString(),
            function.GetProperty("bindings").EnumerateArray()));

        lines.Order().ShouldBe(Declared);
    }

    [Fact]
    public async Task Class_InTheProgram_SaysWhatTheAttributesSay()
    {
        var type = Program.GetType("Freeway.Functions.GeneratedFunctionMetadataProvider").ShouldNotBeNull();
        var generated = (IFunctionMetadataProvider)Activator.CreateInstance(type)!;

        var lines = (await generated.GetFunctionMetadataAsync(AppContext.BaseDirectory)).Select(function => Line(
            function.Name,
            function.EntryPoint,
            function.RawBindings!.Select(binding => JsonElement.Parse(binding))));

        lines.Order().ShouldBe(Declared);
    }

    private static string Text(TriggerBindingAttribute trigger) => trigger switch
    {
        HttpTriggerAttribute http =>
            $"httpTrigger {http.AuthLevel} [{string.Join(",", http.Methods ?? [])}] {http.Route}",
        TimerTriggerAttribute timer =>
            $"timerTrigger {timer.Schedule}, on start {timer.RunOnStartup}",
        ServiceBusTriggerAttribute queue =>
            $"serviceBusTrigger {queue.QueueName} of {queue.Connection}, {(queue.IsBatched ? "Many" : "One")}, "
            + $"sessions {queue.IsSessionsEnabled}, completes {queue.AutoCompleteMessages}",
        _ => throw new NotSupportedException($"There is no text for a {trigger.GetType().Name}."),
    };

    private static string Line(string? name, string? entryPoint, IEnumerable<JsonElement> bindings)
    {
        var trigger = bindings.Single(binding => Field(binding, "type").EndsWith("Trigger", StringComparison.Ordinal));
        var type = Field(trigger, "type");
        return $"{name} {entryPoint} {Field(trigger, "name")}: {type} " + type switch
        {
            "httpTrigger" =>
                $"{Field(trigger, "authLevel")} [{Methods(trigger)}] {Field(trigger, "route")}",
            "timerTrigger" =>
                $"{Field(trigger, "schedule")}, on start {Field(trigger, "runOnStartup", "False")}",
            "serviceBusTrigger" =>
                $"{Field(trigger, "queueName")} of {Field(trigger, "connection")}, {Field(trigger, "cardinality")}, "
                + $"sessions {Field(trigger, "isSessionsEnabled", "False")}, "
                + $"completes {Field(trigger, "autoCompleteMessages")}",
            var other => other,
        };
    }

    private static string Methods(JsonElement trigger) => trigger.TryGetProperty("methods", out var methods)
        ? string.Join(",", methods.EnumerateArray().Select(method => method.GetString()))
        : "";

    private static string Field(JsonElement binding, string name, string missing = "missing") =>
        binding.TryGetProperty(name, out var value) ? value.ToString() : missing;
}
