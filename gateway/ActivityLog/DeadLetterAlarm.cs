using Freeway.Gateway.Core;

namespace Freeway.Gateway.ActivityLog;

/// <summary>Records wait where nobody delivers them.</summary>
public sealed class DeadLetterAlarm(IDeadLetters letters) : IAlarm
{
    /// <summary>The most messages that the alarm counts; more are as bad.</summary>
    private const int Most = 100;

    public string Name => "dead_letters";

    public string Remedy => "GET /api/v1/admin/dead-letters says why each was put aside; POST /api/v1/admin/dead-letters/replays sends them again.";

    public async Task<AlarmStatus?> LookAsync(CancellationToken cancellation)
    {
        var found = await letters.PeekAsync(0, Most, cancellation);
        QueueMetrics.PutAside(found.Count);
        return found.Count is 0 ? null : new AlarmStatus(null, $"{found.Count}{(found.Count < Most ? "" : " or more")} messages are in the dead-letter queue of the activity log.");
    }
}
