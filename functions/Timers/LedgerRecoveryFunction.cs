using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Notices;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Timers;

/// <summary>Every minute: finishes what dead instances left behind, and sends the notices that are due.</summary>
public sealed class LedgerRecoveryFunction(LedgerRecovery recovery, NoticeRounds notices)
{
    [Function("LedgerRecovery")]
    public async Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        await recovery.RunAsync(cancellation);
        await notices.RunAsync(cancellation);
    }
}
