using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Writes the counts of refusals every few seconds while the process runs, and once more when it stops.
/// </summary>
public sealed class RefusalCountWorker(RefusalCounter tally, TimeProvider clock, ILogger<RefusalCountWorker> logger) : PeriodicWorker(Every, clock, logger)
{
    /// <summary>
    /// How many seconds of counts a process that dies can lose. The dashboard, which looks as often, shows a refusal
    /// within five seconds.
    /// </summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(10);
    private readonly TimeProvider _clock = clock;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(LastWrite, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await tally.WriteAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // The process ends without its last counts, as if it had died.
        }
    }

    protected override Task WorkAsync(CancellationToken stopping) => tally.WriteAsync(stopping);
}
