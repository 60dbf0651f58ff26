namespace Freeway.Gateway.Policies;

/// <summary>The plans that count now, for rooms that do not know the catalogue. They change while the process runs: take them anew for each piece of work.</summary>
public interface IPlanSource
{
    /// <exception cref="IOException">No catalogue has been read yet, and none can be read now.</exception>
    ValueTask<PlanBook> TakePlansAsync(CancellationToken cancellation);
}
