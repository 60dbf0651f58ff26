using Microsoft.Extensions.Hosting;

namespace Freeway.Gateway.ActivityLog;

/// <summary>Sends waiting records again every few seconds while the process runs.</summary>
public sealed class OutboxKeeper(ActivityOutbox outbox, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await outbox.CatchUpAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends; what still waits is recovery's.
        }
    }
}
