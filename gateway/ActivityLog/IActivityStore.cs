namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// The activity table: records and the daily sums over them, written together, so that a record counts exactly once
/// however often it is delivered, and by however many writers. Outage stance: an append that throws may have written
/// some of its records, each with its share of the sums; deliver all of them again.
/// </summary>
public interface IActivityStore : ISumCorrection
{
    /// <summary>Writes the records that are not there yet, and adds exactly those to the sums of their days.</summary>
    /// <param name="org">The org of all of these records.</param>
    /// <returns>The records that the store will never take, and why; all others are there now.</returns>
    /// <exception cref="IOException">The store is out of reach or too many races were lost.</exception>
    Task<IReadOnlyList<RefusedRecord>> AppendAsync(string org, IReadOnlyList<ActivityRecord> records, CancellationToken cancellation);

    /// <summary>An org's records, newest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<ActivityPage> QueryAsync(string org, ActivityQuery query, CancellationToken cancellation);

    /// <summary>The sums of one UTC day of one org so far, by model, tier and key.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<DailyUsage>> SumsAsync(string org, DateOnly day, CancellationToken cancellation);

    /// <summary>The sums of one calendar month so far, day by day.</summary>
    /// <param name="month">Any day of it.</param>
    /// <param name="key">A key's id; null for all keys of the org.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<DailyUsage>> SumsOfMonthAsync(string org, DateOnly month, string? key, CancellationToken cancellation);
}

/// <summary>A record that the store will never take, however often it is delivered.</summary>
public sealed record RefusedRecord(ActivityRecord Record, string Reason);
