using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>Gives idle blocks back while the process runs, and all of them at its end.</summary>
public sealed class QuotaLeaseWorker(QuotaLeases allowances, QuotaLeaseOptions options, TimeProvider clock, ILogger<QuotaLeaseWorker> logger)
    : PeriodicWorker(options.SweepEvery, clock, logger)
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await allowances.DrainAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // What is not back by now is lost until its window turns.
        }
    }

    protected override Task WorkAsync(CancellationToken stopping) => allowances.SweepAsync();
}
