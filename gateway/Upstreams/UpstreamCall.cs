namespace Freeway.Gateway.Upstreams;

/// <summary>One attempt at one upstream.</summary>
/// <param name="Upstream">The upstream's name in the catalogue.</param>
/// <param name="Path">Relative to its base URL, e.g. <c>chat/completions</c>.</param>
/// <param name="Body">The JSON to send, in pieces that are sent as they are.</param>
public sealed record UpstreamCall(string Upstream, string Path, IReadOnlyList<ReadOnlyMemory<byte>> Body);
