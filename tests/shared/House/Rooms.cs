using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Freeway.Tests.Shared.House;

/// <summary>Reads from an assembly's code which room uses which: signatures, fields, attributes and method bodies, the compiler's own types included.</summary>
public static class Rooms
{
    /// <summary>The gateway's rooms in the order in which a request walks through them; each may use those before it.</summary>
    public static readonly IReadOnlyList<string> InOrder =
        ["Core", "Identity", "Models", "Plans", "Ledger", "Upstreams", "Catalogue", "ActivityLog", "Inference", "Operations", "Api"];

    /// <summary>Uses that reach to the right, as "type → type".</summary>
    /// <param name="home">The namespace that holds the rooms looked at.</param>
    /// <param name="target">The namespace that holds the rooms used.</param>
    public static IReadOnlyList<string> ReachingRight(string assemblyPath, string home, string target, IReadOnlyList<string> order)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        return [.. assembly.MainModule.GetAllTypes()
            .Where(type => RoomOf(type, home) is not null)
            .SelectMany(type => Uses(type).Select(used => (type, used)))
            .Where(pair => RoomOf(pair.used, target) is { } used && Place(used) > Place(RoomOf(pair.type, home)!))
            .Select(pair => $"{Outermost(pair.type).FullName} → {Outermost(pair.used).FullName}")
            .Distinct().Order(StringComparer.Ordinal)];

        int Place(string room) => order.ToList().IndexOf(room);
    }

    /// <summary>Rooms that the order does not know.</summary>
    public static IReadOnlyList<string> Unknown(string assemblyPath, string home, IReadOnlyList<string> order)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        return [.. assembly.MainModule.GetAllTypes().Select(type => RoomOf(type, home)).OfType<string>().Distinct().Except(order)];
    }

    /// <summary>The assemblies that the code was compiled against and uses.</summary>
    public static IReadOnlyList<string> References(string assemblyPath)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        return [.. assembly.MainModule.AssemblyReferences.Select(reference => reference.Name)];
    }

    private static string? RoomOf(TypeReference type, string home)
    {
        var space = Outermost(type).Namespace;
        return space.StartsWith(home + ".", StringComparison.Ordinal) ? space[(home.Length + 1)..].Split('.')[0] : null;
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference> Uses(TypeDefinition type) => new[] { type.BaseType }
        .Concat(type.Interfaces.Select(face => face.InterfaceType))
        .Concat(type.Fields.Select(field => field.FieldType))
        .Concat(type.GenericParameters.SelectMany(Constraints))
        .Concat(Attributes(type)).Concat(type.Fields.SelectMany(Attributes)).Concat(type.Properties.SelectMany(Attributes))
        .Concat(type.Methods.SelectMany(Uses))
        .Where(used => used is not null)
        .SelectMany(Parts);

    private static IEnumerable<TypeReference> Uses(MethodDefinition method)
    {
        var signature = Named(method).Concat(method.GenericParameters.SelectMany(Constraints)).Concat(Attributes(method)).Concat(method.Parameters.SelectMany(Attributes));
        return !method.HasBody ? signature : signature
            .Concat(method.Body.Variables.Select(variable => variable.VariableType))
            .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType))
            .Concat(method.Body.Instructions.SelectMany(instruction => instruction.Operand switch
            {
                MethodReference called => Named(called).Append(called.DeclaringType),
                FieldReference field => [field.DeclaringType, field.FieldType],
                TypeReference named => [named],
                _ => Enumerable.Empty<TypeReference>(),
            }));
    }

    private static IEnumerable<TypeReference> Named(MethodReference method) => method.Parameters.Select(parameter => parameter.ParameterType)
        .Append(method.ReturnType)
        .Concat(method is GenericInstanceMethod generic ? generic.GenericArguments : []);

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) => parameter.Constraints.Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) => provider.CustomAttributes.SelectMany(attribute =>
        attribute.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().Append(attribute.AttributeType));

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        GenericParameter => [],
        _ => [type],
    };
}
