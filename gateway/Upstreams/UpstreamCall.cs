using Freeway.Gateway.Routing;

namespace Freeway.Gateway.Upstreams;

/// <summary>One attempt at one upstream.</summary>
/// <param name="Upstream">As the catalogue of the request has it.</param>
/// <param name="Path">Relative to its base URL, e.g. <c>chat/completions</c>.</param>
public sealed record UpstreamCall(Upstream Upstream, string Path, IUpstreamBody Body);
