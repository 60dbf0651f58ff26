using Freeway.Gateway.Operations.Reconciliation;

namespace Freeway.Tests.Shared.Ledger;

public static class BooksShould
{
    /// <summary>No drift, and the differences in the message where there is some.</summary>
    public static void ShouldBeClean(this ReconciliationReport report) =>
        report.Drift.ShouldBe(0, string.Join('\n', report.Differences.Where(one => one.Certainty is Certainty.Drift)));
}
