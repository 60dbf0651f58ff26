using System.Diagnostics;
using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>How the ledger fares: what its callers wait, and what its transactions carry.</summary>
public static class LedgerMetrics
{
    private static readonly Histogram<double> Commits =
        Meters.Time("freeway.ledger.commit.duration", "One attempt at a transaction, by verdict; conflicts are those that another instance won");

    private static readonly Histogram<double> Operations =
        Meters.Size("freeway.ledger.commit.operations", "{operation}", "Operations that share one transaction");

    private static readonly Gauge<long> Drift =
        Meters.Freeway.CreateGauge<long>("freeway.reconciliation.drift", "{figure}", "Figures of the books that differ from the records and are not repaired, as the last run here found them");

    /// <summary>One attempt has ended.</summary>
    public static void Committed<T>(int operations, T verdict, TimeSpan elapsed)
        where T : struct, Enum
    {
        Commits.Record(elapsed.TotalSeconds, new TagList { { "verdict", verdict.WireName() } });
        Operations.Record(operations);
    }

    /// <param name="drift">What is left unrepaired.</param>
    public static void Reconciled(long drift) => Drift.Record(drift);
}
