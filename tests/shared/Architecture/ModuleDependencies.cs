using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Freeway.Tests.Shared.Architecture;

/// <summary>
/// Reads from an assembly's code which module, and which folder inside a module, uses which: signatures, fields,
/// attributes and method bodies, the compiler's own types included. A module is the first part of a namespace below the
/// project's; a folder is a whole namespace.
/// </summary>
public static class ModuleDependencies
{
    /// <summary>The gateway's modules in the order of their dependencies; each may use those before it.</summary>
    public static readonly IReadOnlyList<string> InOrder =
        ["Core", "Identity", "Models", "Plans", "Ledger", "Upstreams", "Catalogue", "ActivityLog", "Inference", "Operations", "Notices", "SignUp", "Api"];

    /// <summary>Finds the uses of a module that comes later in the order, as "type → type".</summary>
    /// <param name="home">The namespace that holds the modules whose code is read.</param>
    /// <param name="target">The namespace that holds the modules that are used.</param>
    public static IReadOnlyList<string> UsesOfLaterModules(
        string assemblyPath, string home, string target, IReadOnlyList<string> order)
    {
        using var assembly = Read(assemblyPath);
        return [.. assembly.MainModule.GetAllTypes()
            .Where(type => ModuleOf(type, home) is not null)
            .SelectMany(type => Uses(type).Select(used => (type, used)))
            .Where(pair => ModuleOf(pair.used, target) is { } used && Rank(used) > Rank(ModuleOf(pair.type, home)!))
            .Select(pair => $"{Outermost(pair.type).FullName} → {Outermost(pair.used).FullName}")
            .Distinct().Order(StringComparer.Ordinal)];

        int Rank(string module) => order.ToList().IndexOf(module);
    }

    /// <summary>Finds the modules that are not in the order.</summary>
    public static IReadOnlyList<string> Unknown(string assemblyPath, string home, IReadOnlyList<string> order)
    {
        using var assembly = Read(assemblyPath);
        return [.. assembly.MainModule.GetAllTypes().Select(type => ModuleOf(type, home)).OfType<string>().Distinct().Except(order)];
    }

    /// <summary>
    /// Finds the folders that use each other, directly or through others; each group is one line, its folders in the
    /// order of their names. A module's own folder and the folders inside it are folders of their own.
    /// </summary>
    /// <param name="home">The namespace of the project; folders are named relative to it.</param>
    public static IReadOnlyList<string> FolderCycles(string assemblyPath, string home)
    {
        using var assembly = Read(assemblyPath);
        var uses = assembly.MainModule.GetAllTypes()
            .Where(type => FolderOf(type, home) is not null)
            .SelectMany(type => Uses(type), (type, used) => (From: FolderOf(type, home)!, To: FolderOf(used, home)))
            .Where(use => use.To is not null && use.To != use.From)
            .ToLookup(use => use.From, use => use.To!);
        var reached = uses.ToDictionary(folder => folder.Key, folder => Reachable(folder.Key, uses));
        return
        [
            .. reached.Keys.Where(folder => reached[folder].Contains(folder))
                .Select(folder => string.Join(" ↔ ", reached[folder]
                    .Where(other => reached.TryGetValue(other, out var back) && back.Contains(folder))
                    .Order(StringComparer.Ordinal)))
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Gives the assemblies that the code was compiled against and uses.</summary>
    public static IReadOnlyList<string> References(string assemblyPath)
    {
        using var assembly = Read(assemblyPath);
        return [.. assembly.MainModule.AssemblyReferences.Select(reference => reference.Name)];
    }

    /// <summary>Reads an assembly; those that it refers to are looked for where this process has its own from.</summary>
    private static AssemblyDefinition Read(string path)
    {
        var resolver = new DefaultAssemblyResolver();
        var platform = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        foreach (var folder in platform.Split(Path.PathSeparator).Append(path).Select(Path.GetDirectoryName).Distinct())
        {
            resolver.AddSearchDirectory(folder);
        }

        return AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = resolver });
    }

    private static string? ModuleOf(TypeReference type, string home) => FolderOf(type, home)?.Split('.')[0];

    private static string? FolderOf(TypeReference type, string home)
    {
        var space = Outermost(type).Namespace;
        return space.StartsWith(home + ".", StringComparison.Ordinal) ? space[(home.Length + 1)..] : null;
    }

    private static HashSet<string> Reachable(string start, ILookup<string, string> uses)
    {
        var (reached, open) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>(uses[start]));
        while (open.TryPop(out var folder))
        {
            if (reached.Add(folder))
            {
                foreach (var next in uses[folder])
                {
                    open.Push(next);
                }
            }
        }

        return reached;
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
