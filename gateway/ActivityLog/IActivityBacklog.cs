namespace Freeway.Gateway.ActivityLog;

/// <summary>Looks at the activity queue without taking anything from it. Outage stance: it throws.</summary>
public interface IActivityBacklog
{
    /// <summary>When the oldest record that is in the queue came there, those included that are being written; null where the queue is empty. What was put aside is not in it.</summary>
    /// <exception cref="IOException">The broker is out of reach.</exception>
    Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation);
}
