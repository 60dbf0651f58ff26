using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Plans;

/// <summary>
/// Sorts the limits of one plan, for one caller and one model, into those that refuse, those that give and what pays.
/// </summary>
/// <param name="billing">Who pays; narrower than the plan's on <c>:free</c>.</param>
internal sealed class PlanBinding(Plan plan, Billing billing, Caller caller, Model model)
{
    public Result<Terms> On(Overflow? asked)
    {
        var includes = plan.Models.Contains(model.Id);
        if (!includes && billing is Billing.Free)
        {
            return Refuse.PlanNotEligible($"The plan '{plan.Name}' does not include the model '{model.Id}'. Choose another model, or ask the operator for another plan.");
        }

        // A model outside a plan that bills is simply paid for.
        PlanLimit[] limits = includes ? [.. plan.Limits.Where(Applies)] : [];
        if (limits.Length is 0 && billing is Billing.Free)
        {
            return Refuse.PlanNotEligible(Eligibility.ExplainNothingGiven(plan, model, caller.Org));
        }

        return IsAllowed(asked, limits)
            ? Sort(limits, asked)
            : Refuse.InvalidField(OverflowChoice.Header, OverflowChoice.Explain(asked!.Value, plan.Name, limits, caller));
    }

    private bool Applies(PlanLimit limit) => limit.Models.Contains(model.Id) && limit.When?.Holds(caller.Org) is not false;

    private bool IsAllowed(Overflow? asked, PlanLimit[] limits) => asked switch
    {
        null or Overflow.Reject => true,
        Overflow.Bill when billing is Billing.Free => false,
        Overflow.Bill when !limits.Any(CanGive) => true,
        { } wanted => limits.Any(limit => Choice(limit).Allows(wanted)),
    };

    private Terms Sort(PlanLimit[] limits, Overflow? asked)
    {
        List<BoundLimit> hard = [], gifts = [];
        HashSet<string> nextFree = [];
        string? lacksEndUser = null;
        foreach (var limit in limits)
        {
            if (limit.Limit.Scope.IsOfEndUser() && caller.EndUser is null)
            {
                lacksEndUser ??= Source(limit);
                continue;
            }

            var bound = Bind(limit);
            var overflow = Choice(limit).Of(asked);
            (overflow is Overflow.Bill && CanGive(limit) ? gifts : hard).Add(bound);
            if (overflow is Overflow.NextFree)
            {
                nextFree.Add(bound.Source);
            }
        }

        if (caller.EndUser is { } endUser && limits.Any(limit => limit.Limit.Scope.IsOfEndUser()))
        {
            hard.Add(EndUserRows.Bound(endUser.RowsPerDay));
        }

        // The key's own bind beside those of its plan, and decide nothing about who pays.
        hard.AddRange(KeyLimits.Bind(caller.Key, model.Id));

        // Where a gift may not overflow it must hold the whole request, and nothing is billed.
        var bills = billing is not Billing.Free && (gifts.Count > 0 || !limits.Any(CanGive));
        return new Terms(plan, hard, gifts, bills ? Payers() : [], Caps())
        {
            Rate = plan.Rates.FirstOrDefault(rate => rate.Models.Contains(model.Id))?.Rate,
            NextFree = nextFree,
            LacksEndUser = lacksEndUser,
            Dialect = model.Dialect ?? plan.Dialect,
        };
    }

    private bool CanGive(PlanLimit limit) => billing is not Billing.Free && limit.Overflow.Contains(Overflow.Bill);

    private OverflowChoice Choice(PlanLimit limit) => new(limit.Overflow, caller.Org.Overflow, caller.Key.Overflow);

    private BoundLimit Bind(PlanLimit planned)
    {
        var amount = planned.Amounts.FirstOrDefault(other => other.When.Holds(caller.Org))?.Amount ?? planned.Limit.Amount;
        return new BoundLimit(Source(planned), Subject(planned.Limit.Scope), planned.Limit with { Amount = amount });
    }

    private string Source(PlanLimit planned) => $"{plan.Name}.{planned.Limit.Name}";

    private string Subject(LimitScope scope) => scope switch
    {
        LimitScope.Org => "*",
        LimitScope.OrgModel => model.Id,
        LimitScope.Key => caller.Key.Id,
        LimitScope.KeyModel => $"{caller.Key.Id} {model.Id}",
        LimitScope.ModelGroup => "*",
        LimitScope.EndUser => caller.EndUser!.Id.Hash,
        LimitScope.EndUserModel => $"{caller.EndUser!.Id.Hash} {model.Id}",
        LimitScope.Upstream => throw new InvalidOperationException($"The plan '{plan.Name}' has a limit of an upstream."),
    };

    private List<BoundLimit> Payers()
    {
        List<BoundLimit> payers = [billing is Billing.Prepaid ? Account.Prepaid : Account.Postpaid];
        if (caller.Org.MonthlyCeilingNanos is { } orgs)
        {
            payers.Add(Account.OrgCeiling(orgs));
        }

        if (caller.Key.MonthlyCeilingNanos is { } keys)
        {
            payers.Add(Account.KeyCeiling(caller.Key.Id, keys));
        }

        return payers;
    }

    private Caps Caps() => plan.Models.Contains(model.Id)
        ? plan.Caps.Where(caps => caps.Models.Contains(model.Id)).Aggregate(Plans.Caps.None, (narrow, caps) => narrow.And(caps.Caps))
        : Plans.Caps.None;
}
