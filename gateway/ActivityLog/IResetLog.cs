namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Stores when each day was closed, one record per UTC day. Outage stance: a run that cannot be noted here does not
/// count as one.
/// </summary>
public interface IResetLog
{
    /// <summary>Changes a day's record, beginning with an empty one. Runs beside each other lose no change.</summary>
    /// <param name="change">May be called again on a newer record after a lost race.</param>
    /// <exception cref="IOException">The store is out of reach or too many races were lost.</exception>
    Task<ResetRecord> ChangeAsync(DateOnly day, Func<ResetRecord, ResetRecord> change, CancellationToken cancellation);

    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<ResetRecord?> FindAsync(DateOnly day, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    /// <param name="before">Only days before this one; null for all.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<ResetRecord>> ListAsync(int limit, DateOnly? before, CancellationToken cancellation);
}

/// <summary>Says how a UTC day was closed: when, how often, and for how many orgs.</summary>
public sealed record ResetRecord(DateOnly Day)
{
    /// <summary>Gets the time at which the first run for this day began; null before it.</summary>
    public DateTimeOffset? FirstRunAt { get; init; }

    public DateTimeOffset? LastRunAt { get; init; }

    /// <summary>
    /// Gets the time at which a run first closed the day for every org; null while some are left, e.g. because the run
    /// died.
    /// </summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Gets the number of runs that began for this day.</summary>
    public int Runs { get; init; }

    /// <summary>Gets the number of orgs for which the last run to end closed the day.</summary>
    public int Orgs { get; init; }

    /// <summary>Gets the number of orgs for which the last run to end could not close the day.</summary>
    public int FailedOrgs { get; init; }

    /// <summary>
    /// Gets the number of rows of sums that were written after the day was closed, because records came late.
    /// </summary>
    public int Corrections { get; init; }

    /// <summary>Gets the time from the day's end to the beginning of the first run; null before it.</summary>
    public TimeSpan? Late => FirstRunAt - new DateTimeOffset(Day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    public ResetRecord Begin(DateTimeOffset now) => this with { FirstRunAt = FirstRunAt ?? now, LastRunAt = now, Runs = Runs + 1 };

    /// <summary>
    /// A run ends for this day. Rows that it wrote are corrections only if the day was closed before the run began.
    /// </summary>
    public ResetRecord End(DateTimeOffset began, DateTimeOffset now, int orgs, int failed, int rows) => this with
    {
        ClosedAt = ClosedAt ?? (failed is 0 ? now : null),
        Orgs = orgs,
        FailedOrgs = failed,
        Corrections = Corrections + (ClosedAt < began ? rows : 0),
    };
}
