namespace Freeway.Gateway.Catalogue;

/// <summary>Where a model can be had, and its name there.</summary>
public sealed record RouteEntry(string? Upstream, string? Model);
