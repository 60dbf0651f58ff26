using Microsoft.Extensions.Hosting;

namespace Freeway.Gateway.Telemetry;

/// <summary>Looks at the alarms while the process runs, so that they are measured and logged where nobody asks.</summary>
public sealed class AlarmKeeper(AlarmBoard board, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A little more than the board's own minute, or every second tick would come a moment too early.
        using var timer = new PeriodicTimer(AlarmBoard.Every + TimeSpan.FromSeconds(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await board.LookAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }
}
