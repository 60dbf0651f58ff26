using Microsoft.Extensions.Hosting;

namespace Freeway.Gateway.Routing.Allowances;

/// <summary>Gives idle blocks back while the process runs, and all of them at its end.</summary>
public sealed class AllowanceKeeper(Allowances allowances, AllowanceOptions options, TimeProvider clock) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await allowances.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What is not back by now is lost until its window turns.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.SweepEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await allowances.SweepAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }
}
