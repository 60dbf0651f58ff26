namespace Freeway.Gateway.Upstreams;

/// <summary>A model as its upstream lists it; null is what it does not say.</summary>
/// <param name="Id">Its name there, to be sent to the upstream.</param>
/// <param name="Title">For people.</param>
/// <param name="ContextLength">In tokens.</param>
/// <param name="UsdPerMillionInput">Rounded up to nano-dollars.</param>
/// <param name="UsdPerMillionOutput">Rounded up to nano-dollars.</param>
public sealed record ListedModel(string Id, string? Title = null, int? ContextLength = null, decimal? UsdPerMillionInput = null, decimal? UsdPerMillionOutput = null);
