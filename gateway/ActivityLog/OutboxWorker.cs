using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Sends waiting records again every few seconds while the process runs, and says so while they wait for long.
/// </summary>
public sealed class OutboxWorker(ActivityOutbox outbox, TimeProvider clock, ILogger<OutboxWorker> logger)
    : PeriodicWorker(Every, clock, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Tell = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;
    private DateTimeOffset? _behindSince;
    private DateTimeOffset _told;

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        await outbox.CatchUpAsync(stopping);
        Watch(_clock.GetUtcNow());
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
            ActivityLogMessages.RecordsWait(_logger, (long)(now - since).TotalSeconds);
        }
    }
}
