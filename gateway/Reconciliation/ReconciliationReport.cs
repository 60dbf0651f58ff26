namespace Freeway.Gateway.Reconciliation;

/// <summary>What one run found.</summary>
/// <param name="From">The first day whose records were looked through.</param>
/// <param name="To">The last.</param>
/// <param name="Orgs">Whose books were compared.</param>
/// <param name="Failed">Orgs that could not be looked at.</param>
/// <param name="Drift">How many differences nothing explains; 0 in books that are right.</param>
/// <param name="Repaired">How many of those are right now.</param>
/// <param name="Differences">At most <see cref="MostDifferences"/> of all; drift first.</param>
public sealed record ReconciliationReport(
    DateTimeOffset At, DateOnly From, DateOnly To, int Orgs, int Failed, int Drift, int Repaired, int InFlight, int Checked, int Busy, int Unchecked,
    IReadOnlyList<Difference> Differences)
{
    public const int MostDifferences = 1000;

    public static ReconciliationReport Of(DateTimeOffset at, DateOnly from, DateOnly to, IReadOnlyCollection<OrgReport> reports, int failed)
    {
        List<Difference> all = [.. reports.SelectMany(report => report.Differences).OrderBy(difference => difference.Certainty)];
        return new(
            at, from, to, reports.Count, failed,
            all.Count(one => one.Certainty is Certainty.Drift),
            all.Count(one => one.Repaired),
            all.Count(one => one.Certainty is Certainty.InFlight),
            reports.Sum(report => report.Checked), reports.Sum(report => report.Busy), reports.Sum(report => report.Unchecked),
            [.. all.Take(MostDifferences)]);
    }
}
