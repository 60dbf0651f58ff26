namespace Freeway.Gateway.ActivityLog;

/// <summary>The way to set a day's sums right that were found wrong. Outage stance: it throws; what was not corrected is found again.</summary>
public interface ISumCorrection
{
    /// <summary>Replaces a row of sums by what its records say, if it still is what was seen.</summary>
    /// <param name="right">With no requests where there are no records.</param>
    /// <param name="seen">The row as it was read; null where there was none.</param>
    /// <returns>False where it has changed meanwhile, and was left as it is.</returns>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation);
}
