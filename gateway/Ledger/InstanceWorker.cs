using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Shows a sign of life while the process runs, lets go of idle actors, and leaves the ledger clean at the end.
/// </summary>
public sealed class InstanceWorker(
    InstanceLease lease, RequestLedger ledger, ILedgerStore store, IInstanceStore instances, TimeProvider clock, LedgerOptions options, ILogger<InstanceWorker> logger)
    : PeriodicWorker(options.HeartbeatEvery, clock, logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>
    /// Drains, and removes what tells recovery about this instance, where nothing is left to recover.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ledger.DrainAsync(cancellationToken);
        if (lease.Instance is { } instance)
        {
            await LeaveAsync(instance, cancellationToken);
        }
    }

    protected override Task WorkAsync(CancellationToken stopping)
    {
        ledger.Sweep();
        return lease.BeatAsync(stopping);
    }

    private async Task LeaveAsync(string instance, CancellationToken cancellation)
    {
        try
        {
            var left = 0;
            foreach (var org in lease.Orgs)
            {
                if ((await store.ReadRequestsAsync(org, instance, 0, long.MaxValue, cancellation)).Count > 0)
                {
                    left++;
                    continue;
                }

                await instances.UnregisterAsync(instance, org, cancellation);
            }

            if (left is 0)
            {
                await instances.RemoveAsync(instance, cancellation);
            }
        }
        catch (Exception outage) when (outage is IOException or OperationCanceledException)
        {
            LedgerLog.HeartbeatFailed(_logger, instance, outage.Message);
        }
    }
}
