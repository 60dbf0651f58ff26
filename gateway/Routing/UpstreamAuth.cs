namespace Freeway.Gateway.Routing;

/// <summary>The header that carries an upstream's key.</summary>
/// <param name="Header">Its name, in lower case.</param>
/// <param name="Scheme">Stands before the key, e.g. <c>Bearer</c>; null where the key stands alone.</param>
public sealed record UpstreamAuth(string Header, string? Scheme)
{
    public static UpstreamAuth Bearer { get; } = new("authorization", "Bearer");

    public string Value(string key) => Scheme is null ? key : $"{Scheme} {key}";
}
