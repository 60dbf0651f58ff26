namespace Freeway.Gateway.Catalogue;

/// <summary>Where a model can be had, and its name there.</summary>
/// <param name="Weight">Its share, where routes are chosen by weight and not in order.</param>
/// <param name="ContextLength">Where it is shorter there.</param>
/// <param name="Tools">False where tools cannot be called there.</param>
/// <param name="Vision">False where it does not look at images.</param>
/// <param name="StandIn">Only there while no other route of the model has its key: a demo must never answer in the place of the real one.</param>
public sealed record RouteEntry(string? Upstream, string? Model, int? Weight = null, int? ContextLength = null, bool Tools = true, bool Vision = true, bool StandIn = false);
