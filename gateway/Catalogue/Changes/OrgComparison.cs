using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>
/// Tells how two catalogues treat orgs differently. Orgs come one by one, and those that no condition of any plan tells
/// apart are looked at once: a million orgs cost a million conditions, and no more memory than there are kinds of them.
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

    /// <summary>Compares what one organisation is offered; null where it stays the same.</summary>
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

/// <summary>The differences for one organisation.</summary>
/// <param name="PlanBefore">The plan of its requests on bare ids.</param>
/// <param name="PlanAfter">The same afterwards.</param>
/// <param name="LosesItsPlan">
/// True where the plan that it was given goes away: the default plan then takes its place.
/// </param>
/// <param name="FreeModelsBefore">How many models it may call with <c>:free</c>.</param>
/// <param name="FreeModelsAfter">The same afterwards.</param>
/// <param name="FreeModelsLost">The first of those that it may no longer call.</param>
/// <param name="FreeModelsGained">The first of those that it may call then.</param>
/// <param name="Limits">The first of those that bind it differently.</param>
public sealed record OrgDifference(
    string Org,
    string PlanBefore,
    string PlanAfter,
    bool LosesItsPlan,
    int FreeModelsBefore,
    int FreeModelsAfter,
    IReadOnlyList<string> FreeModelsLost,
    IReadOnlyList<string> FreeModelsGained,
    IReadOnlyList<LimitDifference> Limits);

/// <summary>The number of organisations that are treated differently, and the first of them.</summary>
/// <param name="Looked">All orgs there are.</param>
/// <param name="LosingTheirPlan">Those of the changed whose own plan goes away.</param>
public sealed record OrgDifferences(long Looked, long Changed, long LosingTheirPlan, IReadOnlyList<OrgDifference> Data)
{
    /// <summary>The most organisations that are listed; further ones are only counted.</summary>
    public const int Most = 100;
}

/// <summary>A limit that binds an org differently.</summary>
/// <param name="Id">Plan and limit, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Subject">Who shares it: <c>*</c> for the org, a model, or any key of the org.</param>
/// <param name="Unit">As callers see it.</param>
/// <param name="Before">Null where it did not bind.</param>
/// <param name="After">Null where it does not bind any more.</param>
public sealed record LimitDifference(
    string Id,
    string Subject,
    string Unit,
    string Window,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal? Before,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal? After);
