namespace Refit;

/// <summary>Sends the parameter as the Authorization header, after the scheme.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class AuthorizeAttribute(string scheme = "Bearer") : Attribute
{
    public string Scheme { get; } = scheme;
}
