using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Catalogue;

/// <summary>A limit in <c>catalogue.json</c>; enums are written in snake case: <c>org_model</c>, <c>day</c>.</summary>
public sealed record LimitEntry(string? Name, LimitUnit? Unit, long? Amount, LimitWindow? Window, LimitScope? Scope);
