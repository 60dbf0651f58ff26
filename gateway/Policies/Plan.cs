namespace Freeway.Gateway.Policies;

/// <summary>A named set of limits that is offered to callers, e.g. <c>fastrouter-free</c>.</summary>
public sealed record Plan(string Name, IReadOnlyList<Limit> Limits);
