using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Routing;
using Freeway.Gateway.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Freeway.Gateway.Views;

/// <summary>Measures every minute where this instance's upstreams stand. It asks nobody: only what is known is told.</summary>
public sealed class UpstreamGauges(CurrentCatalogue current, IUpstreamBreakers breakers, Parking parking, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await MeasureAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }

    private async Task MeasureAsync(CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation).ConfigureAwait(false)).Accepted(out var catalogue, out _))
        {
            return;
        }

        foreach (var upstream in catalogue.Upstreams)
        {
            var state = breakers.StateOf(upstream.Partition, out _) switch { BreakerState.Closed => 0, BreakerState.HalfOpen => 1, _ => 2 };
            UpstreamMetrics.Stands(upstream.Name, state, parking.Of(upstream.Partition).Count);
        }
    }
}
