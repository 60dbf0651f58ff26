namespace Freeway.Gateway.Catalogue;

/// <summary>A plan in <c>catalogue.json</c>.</summary>
public sealed record PlanEntry(IReadOnlyList<LimitEntry?>? Limits);
