using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Writes the counts of refusals every few seconds while the process runs, and once more when it stops.
/// </summary>
public sealed class RefusalCountWorker(
    RefusalCounter counter, TimeProvider clock, ILogger<RefusalCountWorker> logger)
    : PeriodicWorker(Every, clock, logger)
{
    /// <summary>
    /// The time between two writes of the counts, which is what a process that dies can lose. The dashboard, which
    /// reads as often, shows a refusal within five seconds.
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
            await counter.WriteAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // The process ends without its last counts, as if it had died.
        }
    }

    protected override Task WorkAsync(CancellationToken stopping) => counter.WriteAsync(stopping);
}
