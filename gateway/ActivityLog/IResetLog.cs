namespace Freeway.Gateway.ActivityLog;

/// <summary>When each day was closed, one record per UTC day. Outage stance: a run that cannot say so does not count as one.</summary>
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
