namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// The activity table: records and the daily sums over them, written together, so that a record counts exactly once
/// however often it is delivered. Outage stance: an append that throws wrote all of an org's batch or none; deliver again.
/// </summary>
public interface IActivityStore
{
    /// <summary>Writes the records that are not there yet, and adds exactly those to the sums of their days.</summary>
    /// <exception cref="IOException">The store is out of reach or lost too many races.</exception>
    Task AppendAsync(IReadOnlyList<ActivityRecord> records, CancellationToken cancellation);

    /// <summary>An org's records, newest first.</summary>
    Task<ActivityPage> QueryAsync(string org, ActivityQuery query, CancellationToken cancellation);

    /// <summary>The sums of one UTC day of one org, by model and tier.</summary>
    Task<IReadOnlyList<DailyUsage>> SumsAsync(string org, DateOnly day, CancellationToken cancellation);
}
