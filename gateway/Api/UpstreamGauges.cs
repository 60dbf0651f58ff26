using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Upstreams;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Api;

/// <summary>
/// Measures every minute where this instance's upstreams stand. It asks nobody: only what is known is told.
/// </summary>
public sealed class UpstreamGauges(
    CurrentCatalogue current, IUpstreamBreakers breakers, Parking parking, TimeProvider clock, ILogger<UpstreamGauges> logger)
    : PeriodicWorker(Every, clock, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        if (!(await current.TakeAsync(stopping)).Accepted(out var catalogue, out _))
        {
            return;
        }

        foreach (var upstream in catalogue.Upstreams)
        {
            var state = breakers.StateOf(upstream.Place, out _) switch { BreakerState.Closed => 0, BreakerState.HalfOpen => 1, _ => 2 };
            UpstreamMetrics.Stands(upstream.Name, state, parking.Of(upstream.Place).Count);
        }
    }
}
