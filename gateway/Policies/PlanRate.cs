namespace Freeway.Gateway.Policies;

/// <summary>The compute rate of some models of a plan; the first that matches counts.</summary>
public sealed record PlanRate(ModelSet Models, ComputeRate Rate);
