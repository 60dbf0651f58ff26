using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Plans;

/// <summary>A limit of a plan with the circumstances in which it binds.</summary>
public sealed record PlanLimit(Limit Limit)
{
    /// <summary>The models that it counts for; other models are not bound by it.</summary>
    public ModelSet Models { get; init; } = ModelSet.All;

    /// <summary>Where it does not hold, the limit is not there: no bound and no gift.</summary>
    public Condition? When { get; init; }

    /// <summary>The first whose condition holds overrules the limit's own amount.</summary>
    public IReadOnlyList<ConditionalAmount> Amounts { get; init; } = [];

    /// <summary>What may happen once it is spent, the default first. With <see cref="Overflow.Bill"/> the limit is a gift.</summary>
    public IReadOnlyList<Overflow> Overflow { get; init; } = [Identity.Overflow.Reject];
}

/// <summary>Another amount for orgs of a kind, in the limit's unit.</summary>
public sealed record ConditionalAmount(Condition When, long Amount);
