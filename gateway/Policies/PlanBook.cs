using System.Collections.Frozen;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Policies;

/// <summary>An immutable snapshot of all plans: answers on which terms a request may be made.</summary>
/// <param name="standard">The plan of bare ids for orgs that have none of their own.</param>
public sealed class PlanBook(IReadOnlyList<Plan> plans, Plan standard)
{
    private readonly FrozenDictionary<string, Plan> _byName = plans.ToFrozenDictionary(plan => plan.Name, StringComparer.Ordinal);

    /// <summary>Pays as it goes, from what was bought.</summary>
    public static Plan PayAsYouGo { get; } = new("pay-as-you-go", []) { Billing = Billing.Prepaid };

    /// <summary>The plan of an org's requests on bare ids.</summary>
    public Plan PlanOf(Org org) => org.Plan is { } name && _byName.TryGetValue(name, out var own) ? own : standard;

    /// <summary>The terms of a request: <c>:free</c> goes by the model's free plan, anything else by the org's.</summary>
    /// <param name="asked">How the request wants to overflow; null for the default.</param>
    public Decision<Terms> Bind(Caller caller, Slug slug, Model model, Overflow? asked = null)
    {
        var plan = slug.Variant is Variant.Free ? _byName[model.FreePlan!] : PlanOf(caller.Org);
        BoundLimit[] hard = [.. plan.Limits.Select(limit => Bind(plan.Name, limit.Limit, caller, model))];
        return new Terms(plan, hard, [], plan.Billing is Billing.Free ? [] : [Account.Prepaid], Caps.None);
    }

    private static BoundLimit Bind(string plan, Limit limit, Caller caller, Model model) =>
        new($"{plan}.{limit.Name}", Subject(limit.Scope, caller, model), limit);

    private static string Subject(LimitScope scope, Caller caller, Model model) => scope switch
    {
        LimitScope.Org => "*",
        LimitScope.OrgModel => model.Id,
        LimitScope.Key => caller.Key.Id,
        LimitScope.KeyModel => $"{caller.Key.Id} {model.Id}",
        LimitScope.ModelGroup => "*",
    };
}
