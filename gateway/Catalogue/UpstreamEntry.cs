namespace Freeway.Gateway.Catalogue;

/// <summary>An upstream in <c>catalogue.json</c>.</summary>
/// <param name="BaseUrl">Absolute; the setting <c>Freeway__Upstreams__{name}__BaseUrl</c> goes before it.</param>
/// <param name="KeySetting">The setting that holds its key; an upstream whose key is not set is not called. None for one that wants no key.</param>
public sealed record UpstreamEntry(string? BaseUrl, string? KeySetting = null);
