using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>Sends waiting records again every few seconds while the process runs, and says so while they wait for long.</summary>
public sealed class OutboxKeeper(ActivityOutbox outbox, TimeProvider clock, ILogger<OutboxKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Tell = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _behindSince;
    private DateTimeOffset _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await outbox.CatchUpAsync(stoppingToken).ConfigureAwait(false);
                Watch(clock.GetUtcNow());
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends; what still waits is recovery's.
        }
    }

    /// <summary>An alert of the deployment listens to what is said here.</summary>
    private void Watch(DateTimeOffset now)
    {
        if (!outbox.IsBehind)
        {
            _behindSince = null;
            return;
        }

        if (_behindSince is not { } since)
        {
            (_behindSince, _told) = (now, now);
        }
        else if (now - _told >= Tell)
        {
            _told = now;
            ActivityLogMessages.RecordsWait(logger, (long)(now - since).TotalSeconds);
        }
    }
}
