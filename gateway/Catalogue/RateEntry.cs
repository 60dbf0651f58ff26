namespace Freeway.Gateway.Catalogue;

/// <summary>What some models take of compute units: per million input tokens, per million output tokens, per request. Left out is 0.</summary>
/// <param name="Models">All of the plan's where it is left out; never given at a model.</param>
public sealed record RateEntry(IReadOnlyList<string?>? Models = null, decimal? Input = null, decimal? Output = null, decimal? Request = null);
