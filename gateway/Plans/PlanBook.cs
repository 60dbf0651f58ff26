using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Plans;

/// <summary>An immutable snapshot of all plans: answers on which terms a request may be made.</summary>
/// <param name="standard">The plan of bare ids for orgs that have none of their own.</param>
public sealed class PlanBook(IReadOnlyList<Plan> plans, Plan standard)
{
    private readonly FrozenDictionary<string, Plan> _byName = plans.Append(PayAsYouGo).DistinctBy(plan => plan.Name)
        .ToFrozenDictionary(plan => plan.Name, StringComparer.Ordinal);

    /// <summary>
    /// The terms that callers were bound to, for as long as somebody remembers the caller: they follow from the book,
    /// the caller and the model alone, and a caller who asks again has the same.
    /// </summary>
    private readonly ConditionalWeakTable<Caller, ConcurrentDictionary<TermsKey, Result<Terms>>> _bound = [];

    /// <summary>
    /// Pays as it goes, from what was bought. It is in every book, unless the book has another of its name.
    /// </summary>
    public static Plan PayAsYouGo { get; } = new("pay-as-you-go", []) { Billing = Billing.Prepaid };

    /// <summary>The plans of the catalogue, in its order.</summary>
    public IReadOnlyList<Plan> All { get; } = plans;

    /// <summary>The plan of this name, or null.</summary>
    public Plan? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// The plan of an org's requests on bare ids; the standard one also where the org's own is no longer there.
    /// </summary>
    public Plan PlanOf(Org org) => org.Plan is { } name && Find(name) is { } own ? own : standard;

    /// <summary>The plan that an org has and that is not here; null where all is well.</summary>
    public string? UnknownPlan(Org org) => org.Plan is { } name && Find(name) is null ? name : null;

    /// <summary>
    /// The terms of a request: <c>:free</c> goes by the model's free plan, anything else by the org's.
    /// </summary>
    /// <param name="asked">How the request wants to overflow; null for the default.</param>
    public Result<Terms> Bind(Caller caller, Slug slug, Model model, Overflow? asked = null)
    {
        ArgumentNullException.ThrowIfNull(caller);

        // A caller who names an end user is another with each request, and not remembered.
        if (caller.EndUser is not null)
        {
            return BindAnew(caller, slug, model, asked);
        }

        var bound = _bound.GetValue(caller, static _ => new ConcurrentDictionary<TermsKey, Result<Terms>>(1, 2));
        var key = new TermsKey(model, slug.Variant is Variant.Free, asked);
        if (!bound.TryGetValue(key, out var terms))
        {
            terms = BindAnew(caller, slug, model, asked);
            bound[key] = terms;
        }

        return terms;
    }

    private Result<Terms> BindAnew(Caller caller, Slug slug, Model model, Overflow? asked)
    {
        if (!ModelSet.Allows(caller.Key.AllowedModels, model.Id))
        {
            return Refuse.ModelNotAllowed(model.Id);
        }

        var isFree = slug.Variant is Variant.Free;
        var plan = isFree ? _byName[model.FreePlan!] : PlanOf(caller.Org);
        if (plan.Eligible is { } condition && !condition.Holds(caller.Org))
        {
            return Refuse.PlanNotEligible(Eligibility.Explain(plan, condition, caller.Org));
        }

        // :free never touches credits, whatever its plan may say.
        return new PlanBinding(plan, isFree ? Billing.Free : plan.Billing, caller, model).On(asked);
    }

    /// <summary>Names what terms are for. Models are told apart by identity, as those of one book are.</summary>
    private readonly record struct TermsKey(Model Model, bool IsFree, Overflow? Asked)
    {
        public bool Equals(TermsKey other) =>
            ReferenceEquals(Model, other.Model) && IsFree == other.IsFree && Asked == other.Asked;

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Model), IsFree, Asked);
    }
}
