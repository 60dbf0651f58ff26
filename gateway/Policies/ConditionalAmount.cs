namespace Freeway.Gateway.Policies;

/// <summary>Another amount for orgs of a kind, in the limit's unit.</summary>
public sealed record ConditionalAmount(Condition When, long Amount);
