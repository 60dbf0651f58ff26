using System.Reflection;
using Freeway.Runner.Hosting.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>Finds <c>[Function]</c> methods by reflection, once, at start.</summary>
internal static class FunctionFinder
{
    /// <exception cref="FunctionBindingException">Names are not unique, or a function has not exactly one
    ///     trigger.</exception>
    public static IReadOnlyList<FoundFunction> Find(FunctionAppOptions options)
    {
        var classes = options.Classes ?? options.Assemblies.SelectMany(assembly => assembly.GetExportedTypes());
        var marked = classes
            .Where(type => type is { IsClass: true, ContainsGenericParameters: false } && (!type.IsAbstract || type.IsSealed))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
            .Select(method => (Method: method, method.GetCustomAttribute<FunctionAttribute>()?.Name))
            .Where(found => found.Name is not null)
            .ToList();

        var errors = marked
            .GroupBy(found => found.Name!, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {group.Count()} methods have this name")
            .ToList();
        var functions = new List<FoundFunction>(marked.Count);
        foreach (var (method, name) in marked)
        {
            var triggers = method.GetParameters()
                .Select(parameter => (Parameter: parameter, Trigger: parameter.GetCustomAttribute<TriggerBindingAttribute>()))
                .Where(found => found.Trigger is not null)
                .ToList();
            if (triggers is [var (parameter, trigger)])
            {
                functions.Add(new FoundFunction(name!, method, parameter, trigger!));
            }
            else
            {
                errors.Add($"{name}: {triggers.Count} triggers instead of one");
            }
        }

        return errors.Count == 0 ? functions : throw new FunctionBindingException(string.Join("; ", errors));
    }
}

/// <summary>A method marked as a function, and the parameter that triggers it.</summary>
internal sealed record FoundFunction(string Name, MethodInfo Method, ParameterInfo Parameter, TriggerBindingAttribute Trigger)
{
    /// <summary>
    /// The type that creates the instance: the class that was found, also where the method is inherited.
    /// </summary>
    public Type Class => Method.ReflectedType!;

    /// <summary>
    /// Tells whether the trigger's attribute sets a property in the source, which its value cannot tell from a default.
    /// </summary>
    public bool Says(string property) =>
        TriggerSource.NamedArguments.Any(argument => argument.MemberName == property);

    public CustomAttributeData TriggerSource =>
        Parameter.CustomAttributes.First(attribute => attribute.AttributeType == Trigger.GetType());
}
