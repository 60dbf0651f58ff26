namespace Freeway.Gateway.Reconciliation;

/// <summary>What the last run over all orgs found in this process; for gauges.</summary>
public sealed class LastReconciliation
{
    private volatile ReconciliationReport? _report;

    /// <summary>Null before the first run.</summary>
    public ReconciliationReport? Report
    {
        get => _report;
        internal set => _report = value;
    }
}
