namespace Freeway.Gateway.Models;

/// <summary>Where a model can be had: the upstream's name and the model's name there.</summary>
public sealed record ModelRoute(string Upstream, string UpstreamModel);
