using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Policies;

/// <summary>A named set of limits and caps that is offered to callers, e.g. <c>fastrouter-free</c>.</summary>
public sealed record Plan(string Name, IReadOnlyList<PlanLimit> Limits)
{
    /// <summary>For the activity and for people; it changes with every change of the plan.</summary>
    public int Version { get; init; } = 1;

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Where its numbers come from.</summary>
    public IReadOnlyList<PlanSource> Sources { get; init; } = [];

    public Billing Billing { get; init; } = Billing.Free;

    /// <summary>The models that it is for.</summary>
    public ModelSet Models { get; init; } = ModelSet.All;

    /// <summary>What an org must be to use it at all; null for everybody.</summary>
    public Condition? Eligible { get; init; }

    public IReadOnlyList<PlanCaps> Caps { get; init; } = [];

    public IReadOnlyList<PlanRate> Rates { get; init; } = [];

    /// <summary>Whether a request counts whose content the upstream refuses.</summary>
    public bool ChargeRejected { get; init; } = true;

    public Dialect Dialect { get; init; }

    public PurchaseRules Purchases { get; init; } = new(1, null);
}
