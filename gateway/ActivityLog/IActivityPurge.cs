namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Takes whole months of an org's activity away. Safe half-way and beside another instance: what is gone is gone, what is
/// left is taken by the next run. Outage stance: it throws.
/// </summary>
public interface IActivityPurge
{
    /// <summary>The months before this one that still have rows, oldest first.</summary>
    /// <param name="before">The first day of a month.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<DateOnly>> MonthsAsync(string org, DateOnly before, CancellationToken cancellation);

    /// <summary>Counts what <see cref="DropAsync"/> would take.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<PurgedRows> CountAsync(string org, DateOnly month, CancellationToken cancellation);

    /// <summary>Takes a month's records and refusals, then its sums, each only as it was read: one that has grown meanwhile stays.</summary>
    /// <param name="keep">Called with the sums before they go; what they say must be kept elsewhere when it ends.</param>
    /// <exception cref="IOException">The store is out of reach, or <paramref name="keep"/> threw it.</exception>
    Task<PurgedRows> DropAsync(string org, DateOnly month, Func<IReadOnlyList<DailyUsage>, Task> keep, CancellationToken cancellation);
}
