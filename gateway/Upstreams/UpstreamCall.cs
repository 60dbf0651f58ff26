namespace Freeway.Gateway.Upstreams;

/// <summary>One attempt at one upstream.</summary>
/// <param name="Upstream">The upstream's name in the catalogue.</param>
/// <param name="Path">Relative to its base URL, e.g. <c>chat/completions</c>.</param>
public sealed record UpstreamCall(string Upstream, string Path, IUpstreamBody Body);
