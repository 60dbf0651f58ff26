namespace Freeway.Gateway.Operations.Reconciliation;

/// <summary>Reports the differences that one run found between the books and the records.</summary>
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

/// <summary>Reports the differences that were found for one org.</summary>
/// <param name="Differences">Those that are drift and those that may be made good.</param>
/// <param name="Checked">How many rows were compared.</param>
/// <param name="Busy">How many were not, because they moved while they were looked at.</param>
/// <param name="Unchecked">How many were not, because what they are counted from was not looked through or is
///     gone.</param>
public sealed record OrgReport(string Org, IReadOnlyList<Difference> Differences, int Checked, int Busy, int Unchecked);

/// <summary>One figure of the books that is not what the records say.</summary>
/// <param name="Book">Which book it stands in.</param>
/// <param name="Subject">What it is of: <c>fastrouter-free.daily|demo/echo</c>, or day, tier, model and key of a
///     sum.</param>
/// <param name="Window">The day or the limit's window.</param>
/// <param name="Figure">E.g. <c>used</c>.</param>
/// <param name="Stored">As the book has it.</param>
/// <param name="Expected">As the records have it.</param>
/// <param name="Certainty">Whether it is drift.</param>
public sealed record Difference(BookKind Book, string Org, string Subject, string Window, string Figure, long Stored, long Expected, Certainty Certainty)
{
    /// <summary>Gets whether the book has been repaired and now says what the records say.</summary>
    public bool Repaired { get; init; }
}

/// <summary>Says whether a difference is an error or may still go away.</summary>
public enum Certainty
{
    /// <summary>The difference is an error: nothing that is under way can explain it.</summary>
    Drift,

    /// <summary>A record on its way, or the next closing, may make it good.</summary>
    InFlight,
}

/// <summary>Names the books that can be counted again from other rows.</summary>
public enum BookKind
{
    /// <summary>The running sums of a day, from the records of that day.</summary>
    Sums,

    /// <summary>The final sums of a closed day, from the same.</summary>
    ClosedDay,

    /// <summary>A limit's counter, from what records say they took.</summary>
    Counter,

    /// <summary>
    /// The account: what was spent, from all sums there ever were; what was bought, from the purchases.
    /// </summary>
    Account,
}
