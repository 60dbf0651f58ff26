using System.Globalization;
using System.Reflection;

namespace Refit.Requests;

internal sealed record RestParameter(int Position, ParameterRole Role, string Name)
{
    private string? ValueFormat { get; init; }

    public BodySerializationMethod BodyMethod { get; private init; }

    public CollectionFormat CollectionFormat { get; private init; }

    public static RestParameter Parse(ParameterInfo parameter, HttpMethod method, PathTemplate path)
    {
        var name = parameter.GetCustomAttribute<AliasAsAttribute>()?.Name ?? parameter.Name!;
        var (role, label) = Classify(parameter, method, path, name);
        var query = parameter.GetCustomAttribute<QueryAttribute>();
        if (role == ParameterRole.Query && !IsWritable(parameter.ParameterType))
        {
            throw new ArgumentException($"{parameter} of {parameter.Member} is an object; this stand-in writes only plain values in a query.");
        }

        return new RestParameter(parameter.Position, role, label)
        {
            ValueFormat = query?.Format,
            CollectionFormat = query?.CollectionFormat ?? default,
            BodyMethod = parameter.GetCustomAttribute<BodyAttribute>()?.SerializationMethod ?? default,
        };
    }

    public bool Fills(string placeholder) =>
        Role == ParameterRole.Path && string.Equals(Name, placeholder, StringComparison.OrdinalIgnoreCase);

    public string? Format(object? argument) => argument switch
    {
        null => null,
        IFormattable value => value.ToString(ValueFormat, CultureInfo.InvariantCulture),
        _ => argument.ToString(),
    };

    private static (ParameterRole Role, string Label) Classify(ParameterInfo parameter, HttpMethod method, PathTemplate path, string name)
    {
        if (parameter.ParameterType == typeof(CancellationToken) || parameter.ParameterType == typeof(CancellationToken?))
        {
            return (ParameterRole.Cancellation, name);
        }

        if (parameter.GetCustomAttribute<HeaderAttribute>() is { } header)
        {
            return (ParameterRole.Header, header.Header);
        }

        if (parameter.GetCustomAttribute<AuthorizeAttribute>() is { } authorize)
        {
            return (ParameterRole.Authorization, authorize.Scheme);
        }

        if (parameter.IsDefined(typeof(HeaderCollectionAttribute)))
        {
            return (ParameterRole.HeaderCollection, name);
        }

        if (path.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return (ParameterRole.Path, name);
        }

        var takesBody = method == HttpMethod.Post || method == HttpMethod.Put || method == HttpMethod.Patch;
        var isBody = parameter.IsDefined(typeof(BodyAttribute))
            || (takesBody && !parameter.IsDefined(typeof(QueryAttribute)) && !IsWritable(parameter.ParameterType));
        return (isBody ? ParameterRole.Body : ParameterRole.Query, name);
    }

    private static bool IsWritable(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string)
            || (type.IsValueType && typeof(IFormattable).IsAssignableFrom(type))
            || type == typeof(bool)
            || (type.IsArray && IsWritable(type.GetElementType()!))
            || (type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type)
                && type.GetGenericArguments() is [var element] && IsWritable(element));
    }
}
