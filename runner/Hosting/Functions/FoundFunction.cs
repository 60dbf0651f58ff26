using System.Reflection;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>A method marked as a function, and the parameter that triggers it.</summary>
internal sealed record FoundFunction(string Name, MethodInfo Method, ParameterInfo Parameter, TriggerBindingAttribute Trigger)
{
    /// <summary>The type that creates the instance: the class that was found, also where the method is inherited.</summary>
    public Type Class => Method.ReflectedType!;

    /// <summary>Whether the attribute's text itself sets the property, which a default value cannot tell.</summary>
    public bool Says(string property) =>
        TriggerSource.NamedArguments.Any(argument => argument.MemberName == property);

    public CustomAttributeData TriggerSource =>
        Parameter.CustomAttributes.First(attribute => attribute.AttributeType == Trigger.GetType());
}
