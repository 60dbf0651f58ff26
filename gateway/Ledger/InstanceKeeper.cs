using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>Shows a sign of life while the process runs, lets go of idle actors, and leaves the ledger clean at the end.</summary>
public sealed class InstanceKeeper(
    InstanceLease lease, RequestLedger ledger, ILedgerStore store, IInstanceStore instances, TimeProvider clock, LedgerOptions options, ILogger<InstanceKeeper> logger)
    : BackgroundService
{
    /// <summary>Drains, and removes what tells recovery about this instance, where nothing is left to recover.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await ledger.DrainAsync(cancellationToken).ConfigureAwait(false);
        if (lease.Instance is { } instance)
        {
            await LeaveAsync(instance, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.HeartbeatEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                ledger.Sweep();
                try
                {
                    await lease.BeatAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (IOException outage)
                {
                    LedgerLog.HeartbeatFailed(logger, lease.Instance ?? "none", outage.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }

    private async Task LeaveAsync(string instance, CancellationToken cancellation)
    {
        try
        {
            var left = 0;
            foreach (var org in lease.Orgs)
            {
                if ((await store.ReadRequestsAsync(org, instance, 0, long.MaxValue, cancellation).ConfigureAwait(false)).Count > 0)
                {
                    left++;
                    continue;
                }

                await instances.UnregisterAsync(instance, org, cancellation).ConfigureAwait(false);
            }

            if (left is 0)
            {
                await instances.RemoveAsync(instance, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception outage) when (outage is IOException or OperationCanceledException)
        {
            LedgerLog.HeartbeatFailed(logger, instance, outage.Message);
        }
    }
}
