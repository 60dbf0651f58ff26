using System.Collections.Frozen;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Policies;

/// <summary>An immutable snapshot of all plans: answers which limits bind a request.</summary>
public sealed class PlanBook(IReadOnlyList<Plan> plans)
{
    private readonly FrozenDictionary<string, Plan> _byName = plans.ToFrozenDictionary(plan => plan.Name, StringComparer.Ordinal);

    /// <summary>The limits of a model's free plan, for this caller; none where the model has no free plan.</summary>
    public IReadOnlyList<BoundLimit> BindFree(Caller caller, Model model) =>
        model.FreePlan is null ? [] : [.. _byName[model.FreePlan].Limits.Select(limit => Bind(model.FreePlan, limit, caller, model))];

    private static BoundLimit Bind(string plan, Limit limit, Caller caller, Model model) =>
        new($"{plan}.{limit.Name}", Subject(limit.Scope, caller, model), limit);

    private static string Subject(LimitScope scope, Caller caller, Model model) => scope switch
    {
        LimitScope.Org => "*",
        LimitScope.OrgModel => model.Id,
        LimitScope.Key => caller.Key.Id,
        LimitScope.KeyModel => $"{caller.Key.Id} {model.Id}",
    };
}
