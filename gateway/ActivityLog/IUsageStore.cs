namespace Freeway.Gateway.ActivityLog;

/// <summary>The final sums of closed days. Outage stance: what could not be written is written by the next closing.</summary>
public interface IUsageStore : ISumCorrection
{
    /// <summary>Brings a closed day's rows up to these sums. But for corrections sums only grow, so the larger of two closings stands, in whatever order they write.</summary>
    /// <returns>How many rows changed.</returns>
    /// <exception cref="IOException">The store is out of reach or too many races were lost.</exception>
    Task<int> SaveAsync(string org, DateOnly day, IReadOnlyList<DailyUsage> sums, CancellationToken cancellation);

    /// <summary>An org's closed days, old to new, both ends included.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<DailyUsage>> ListAsync(string org, DateOnly from, DateOnly to, CancellationToken cancellation);
}
