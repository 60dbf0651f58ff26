namespace Freeway.Gateway.Policies;

/// <summary>Caps of a plan for some models; where several match a model, the narrowest of each bound counts.</summary>
public sealed record PlanCaps(ModelSet Models, Caps Caps);
