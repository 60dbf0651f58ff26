using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Operations.Reconciliation;

/// <summary>
/// The books differ from the records, and nothing explains it. Known to the instance whose run over all orgs was the
/// last here.
/// </summary>
public sealed class DriftAlarm(LastReconciliation last) : IAlarm
{
    public string Name => "books_drift";

    public string Remedy => "GET /api/v1/admin/reconciliations tells which figures differ; POST there with repair sets them right.";

    public Task<AlarmStatus?> LookAsync(CancellationToken cancellation)
    {
        if (last.Report is not { } report)
        {
            return Task.FromResult<AlarmStatus?>(null);
        }

        var left = report.Drift - report.Repaired;
        LedgerMetrics.Reconciled(left);
        return Task.FromResult(left <= 0 ? null : new AlarmStatus(report.At, $"{left} figures of the books differ from the records."));
    }
}
