using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Plans;

/// <summary>A limit of a plan with the circumstances in which it binds.</summary>
public sealed record PlanLimit(Limit Limit)
{
    /// <summary>The models that the limit counts for; it binds no others.</summary>
    public ModelSet Models { get; init; } = ModelSet.All;

    /// <summary>The condition without which the limit is not there: no bound and no gift.</summary>
    public Condition? When { get; init; }

    /// <summary>The first whose condition holds overrules the limit's own amount.</summary>
    public IReadOnlyList<ConditionalAmount> Amounts { get; init; } = [];

    /// <summary>
    /// The ways that a request may go once the limit is spent, the default first. With <see cref="Overflow.Bill"/> it
    /// is a gift.
    /// </summary>
    public IReadOnlyList<Overflow> Overflow { get; init; } = [Identity.Overflow.Reject];
}

/// <summary>Another amount for orgs of a kind, in the limit's unit.</summary>
public sealed record ConditionalAmount(Condition When, long Amount);
