using System.Collections.Frozen;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Policies;

/// <summary>An immutable snapshot of all plans: answers which limits bind a request.</summary>
public sealed class PlanBook(IReadOnlyList<Plan> plans)
{
    private readonly FrozenDictionary<string, Plan> _byName = plans.ToFrozenDictionary(plan => plan.Name, StringComparer.Ordinal);

    /// <summary>What a paid request is booked on: the org's spend, in nano-dollars, without a bound.</summary>
    private static readonly IReadOnlyList<BoundLimit> Account =
        [new("account", "*", new Limit("account", LimitUnit.NanoDollars, long.MaxValue, LimitWindow.Lifetime, LimitScope.Org))];

    /// <summary>The limits that bind a request: free and paid ones never touch each other's.</summary>
    public IReadOnlyList<BoundLimit> Bind(Caller caller, Slug slug, Model model) =>
        slug.Variant is Variant.Free ? BindFree(caller, model) : Account;

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
