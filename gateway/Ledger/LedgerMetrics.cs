using System.Diagnostics;
using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>Measures the ledger: how long its transactions take, and what they carry.</summary>
public static class LedgerMetrics
{
    private static readonly Histogram<double> Commits =
        Meters.Time(
            "freeway.ledger.commit.duration",
            "One attempt at a transaction, by verdict; conflicts are those that another instance won");

    private static readonly Histogram<double> Operations =
        Meters.Size("freeway.ledger.commit.operations", "{operation}", "Operations that share one transaction");

    private static readonly Gauge<long> Drift =
        Meters.Freeway.CreateGauge<long>(
            "freeway.reconciliation.drift",
            "{figure}",
            "Figures of the books that differ from the records and are not repaired, as the last run here found them");

    /// <summary>Records one attempt at a transaction that has ended.</summary>
    public static void Committed<T>(int operations, T verdict, TimeSpan elapsed)
        where T : struct, Enum
    {
        Commits.Record(elapsed.TotalSeconds, new TagList { { "verdict", verdict.WireName() } });
        Operations.Record(operations);
    }

    /// <summary>Records how a reconciliation ended.</summary>
    /// <param name="drift">How many figures are left unrepaired.</param>
    public static void Reconciled(long drift) => Drift.Record(drift);
}
