using Freeway.Gateway.ActivityLog;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Timers;

/// <summary>Closes the books of past days at midnight UTC. Quota is whole again without it.</summary>
public sealed class DailyResetFunction(DayCloser closer)
{
    [Function("DailyReset")]
    public Task RunAsync([TimerTrigger("0 0 0 * * *")] TimerInfo timer, CancellationToken cancellation) => closer.RunAsync(cancellation);
}
