namespace Freeway.Gateway.Routing;

/// <summary>A provider endpoint that serves models.</summary>
/// <param name="BaseUrl">Absolute, without a trailing slash, e.g. <c>https://api.example.com/v1</c>.</param>
/// <param name="ApiKey">Sent as bearer; never logged or shown.</param>
/// <param name="Ready">False while the setting with its key is missing: it is then never called.</param>
public sealed record Upstream(string Name, Uri BaseUrl, string? ApiKey, bool Ready)
{
    /// <summary>Everything but the key.</summary>
    public override string ToString() => $"{Name} at {BaseUrl}";
}
