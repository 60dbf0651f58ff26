namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// The final sums of closed days. Outage stance: what could not be written is written by the next closing.
/// </summary>
public interface IUsageStore : ISumCorrection
{
    /// <summary>
    /// Brings a closed day's rows up to these sums. But for corrections sums only grow, so the larger of two closings
    /// stands, in whatever order they write.
    /// </summary>
    /// <returns>How many rows changed.</returns>
    /// <exception cref="IOException">The store is out of reach or too many races were lost.</exception>
    Task<int> SaveAsync(string org, DateOnly day, IReadOnlyList<DailyUsage> sums, CancellationToken cancellation);

    /// <summary>An org's closed days, old to new, both ends included.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<DailyUsage>> ListAsync(string org, DateOnly from, DateOnly to, CancellationToken cancellation);
}

/// <summary>
/// The way to set a day's sums right that were found wrong. Outage stance: it throws; what was not corrected is found
/// again.
/// </summary>
public interface ISumCorrection
{
    /// <summary>Replaces a row of sums by what its records say, if it still is what was seen.</summary>
    /// <param name="right">With no requests where there are no records.</param>
    /// <param name="seen">The row as it was read; null where there was none.</param>
    /// <returns>False where it has changed meanwhile, and was left as it is.</returns>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation);
}
