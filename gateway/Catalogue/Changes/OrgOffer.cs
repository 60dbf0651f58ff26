using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>
/// A catalogue's offer to an organisation: its plan, the models that are free for it, and every limit that binds it.
/// </summary>
internal sealed record OrgOffer(string Plan, string? UnknownPlan, IReadOnlyList<string> FreeModels, IReadOnlyDictionary<(string Source, string Subject), Limit> Limits)
{
    /// <summary>Stands for any key of the org that has no bounds of its own.</summary>
    private const string AnyKey = "any-key";

    /// <summary>Stands for any end user of the org.</summary>
    private static readonly EndUser AnyEndUser = new(new EndUserId("any-end-user"), 0);

    public static OrgOffer Of(CatalogueSnapshot catalogue, Org org)
    {
        var caller = new Caller(org, new ApiKey(AnyKey, org.Id, "")) { EndUser = AnyEndUser };
        var free = new List<string>();
        var limits = new Dictionary<(string, string), Limit>();
        foreach (var model in catalogue.Models.All)
        {
            if (model.FreeEnabled && catalogue.Plans.Bind(caller, new Slug(model.Id, Variant.Free), model).Accepted(out var terms, out _))
            {
                free.Add(model.Id);
                Add(terms);
            }

            if (catalogue.Plans.Bind(caller, new Slug(model.Id, Variant.None), model).Accepted(out terms, out _))
            {
                Add(terms);
            }
        }

        return new OrgOffer(catalogue.Plans.PlanOf(org).Name, catalogue.Plans.UnknownPlan(org), free, limits);

        void Add(Terms terms)
        {
            foreach (var bound in terms.All.Where(IsOfPlan))
            {
                limits[(bound.Source, bound.Subject)] = bound.Limit;
            }
        }
    }

    private static bool IsOfPlan(BoundLimit bound) =>
        !Account.Pays(bound.Source) && bound.Source is not EndUserRows.Source;

    /// <summary>Compares two offers; null where nothing is different.</summary>
    public OrgDifference? To(OrgOffer after, string org)
    {
        const int most = 20;
        var limits = Limits.Keys.Union(after.Limits.Keys).Select(key => Compare(key, Limits.GetValueOrDefault(key), after.Limits.GetValueOrDefault(key))).OfType<LimitDifference>().ToList();
        var difference = new OrgDifference(
            org, Plan, after.Plan, UnknownPlan is null && after.UnknownPlan is not null, FreeModels.Count, after.FreeModels.Count,
            [.. FreeModels.Except(after.FreeModels).Take(most)], [.. after.FreeModels.Except(FreeModels).Take(most)], [.. limits.Take(most)]);
        return limits.Count is 0 && Plan == after.Plan && !difference.LosesItsPlan && difference is { FreeModelsLost.Count: 0, FreeModelsGained.Count: 0 } ? null : difference;
    }

    private static LimitDifference? Compare((string Source, string Subject) key, Limit? before, Limit? after) => before == after ? null : new LimitDifference(
        key.Source,
        key.Subject,
        (after ?? before)!.Unit.WireName(),
        (after ?? before)!.Window.WireName(),
        before?.Unit.Shown(before.Amount),
        after?.Unit.Shown(after.Amount));
}
