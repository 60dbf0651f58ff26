using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Finds request rows of this living instance that nothing in it answers for any more: open ones are settled as
/// aborted, finished ones are sent. There are none unless a settlement outlasted its invocation, or something went
/// wrong here.
/// </summary>
public sealed class AbandonedRows(ILedgerStore store, RequestLedger ledger, ActivityOutbox outbox, LedgerRecovery recovery, InstanceLease lease)
{
    /// <summary>Looks at the orgs for which rows were released since the last look. One query an org.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (lease.Instance is not { } instance)
        {
            return;
        }

        foreach (var org in ledger.OwnedRows.TakeUnchecked())
        {
            try
            {
                await LookAsync(instance, org, cancellation);
            }
            catch (IOException)
            {
                ledger.OwnedRows.CheckLater(org);
            }
        }
    }

    private async Task LookAsync(string instance, string org, CancellationToken cancellation)
    {
        var rows = await store.ReadRequestsAsync(org, instance, 0, long.MaxValue, cancellation);
        // What was held when the rows were read and is not now has been settled or forgotten since: that is found by its ETag.
        var left = rows.Where(row => !ledger.OwnedRows.IsHeld(row.Key)).ToList();
        if (left.Exists(row => !row.Open && !outbox.IsWithheld(row.Key)))
        {
            outbox.MarkBehind(instance, org);
        }

        foreach (var row in left.Where(row => row.Open))
        {
            await recovery.AbortAsync(org, row, cancellation);
        }

        if (rows.Count > 0)
        {
            ledger.OwnedRows.CheckLater(org);
        }
    }
}

/// <summary>Looks every minute for request rows of this instance that nothing answers for.</summary>
public sealed class AbandonedRowsWorker(AbandonedRows rows, TimeProvider clock, ILogger<AbandonedRowsWorker> logger)
    : PeriodicWorker(TimeSpan.FromMinutes(1), clock, logger)
{
    protected override Task WorkAsync(CancellationToken stopping) => rows.RunAsync(stopping);
}
