namespace Refit;

/// <summary>Fixed headers, each <c>Name: value</c>; a name alone takes away what an outer attribute set.</summary>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Method)]
public sealed class HeadersAttribute(params string[] headers) : Attribute
{
    public string[] Headers { get; } = headers ?? [];
}
