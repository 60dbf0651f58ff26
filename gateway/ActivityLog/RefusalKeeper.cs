using Microsoft.Extensions.Hosting;

namespace Freeway.Gateway.ActivityLog;

/// <summary>Writes the counts of refusals every few seconds while the process runs, and once more when it stops.</summary>
public sealed class RefusalKeeper(RefusalTally tally, TimeProvider clock) : BackgroundService
{
    /// <summary>What a process that dies can lose.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(LastWrite, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await tally.WriteAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The process ends without its last counts, as if it had died.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await tally.WriteAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }
}
