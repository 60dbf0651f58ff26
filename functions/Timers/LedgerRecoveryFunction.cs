using Freeway.Gateway.ActivityLog;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Timers;

/// <summary>Every minute: finishes what dead instances left behind.</summary>
public sealed class LedgerRecoveryFunction(LedgerRecovery recovery)
{
    [Function("LedgerRecovery")]
    public Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellation) => recovery.RunAsync(cancellation);
}
