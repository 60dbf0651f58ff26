using Freeway.Gateway.Keys;
using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>
/// Tells how two catalogues treat orgs differently. Orgs come one by one, and those that no condition of any plan tells apart
/// are looked at once: a million orgs cost a million conditions, and no more memory than there are kinds of them.
/// </summary>
public sealed class OrgComparison(CatalogueSnapshot before, CatalogueSnapshot after)
{
    /// <summary>Kinds beyond that many are looked at each time.</summary>
    private const int MostKinds = 10_000;

    private readonly Condition[] _conditions = [.. before.Plans.All.Concat(after.Plans.All).SelectMany(Conditions).Distinct()];
    private readonly Dictionary<(string? Plan, Overflow? Overflow, string Holds), OrgDifference?> _kinds = [];

    /// <exception cref="IOException">The orgs cannot be listed.</exception>
    public async Task<OrgDifferences> CompareAsync(IAsyncEnumerable<Org> orgs, CancellationToken cancellation)
    {
        long looked = 0, changed = 0, losing = 0;
        var told = new List<OrgDifference>();
        await foreach (var org in orgs.WithCancellation(cancellation))
        {
            looked++;
            if (Of(org) is { } difference)
            {
                changed++;
                losing += difference.LosesItsPlan ? 1 : 0;
                if (told.Count < OrgDifferences.Most)
                {
                    told.Add(difference);
                }
            }
        }

        return new OrgDifferences(looked, changed, losing, told);
    }

    /// <summary>Null where the org is treated the same.</summary>
    public OrgDifference? Of(Org org)
    {
        var kind = (org.Plan, org.Overflow, new string([.. _conditions.Select(condition => condition.Holds(org) ? '1' : '0')]));
        if (!_kinds.TryGetValue(kind, out var difference))
        {
            difference = OrgOffer.Of(before, org).To(OrgOffer.Of(after, org), org.Id);
            if (_kinds.Count < MostKinds)
            {
                _kinds.Add(kind, difference);
            }
        }

        return difference is null ? null : difference with { Org = org.Id };
    }

    private static IEnumerable<Condition> Conditions(Plan plan) => plan.Limits
        .SelectMany(limit => limit.Amounts.Select(other => (Condition?)other.When).Append(limit.When))
        .Append(plan.Eligible)
        .OfType<Condition>();
}
