using Freeway.Gateway.ActivityLog;

namespace Freeway.Tests.Shared;

/// <summary>An activity store in memory. Setting <see cref="Outage"/> takes it out of reach.</summary>
public sealed class MemoryActivityStore : IActivityStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Org, string Id), ActivityRecord> _records = [];
    private readonly Dictionary<(string Org, DateOnly Day, string Model, string Tier, string Key), DailyUsage> _sums = [];

    /// <summary>Says for which orgs every call fails.</summary>
    public Predicate<string> Outage { get; set; } = _ => false;

    /// <summary>Says why a record can never be stored; null where it can.</summary>
    public Func<ActivityRecord, string?> Refuses { get; set; } = _ => null;

    /// <summary>How many appends were tried, those in an outage too.</summary>
    public int Appends { get; private set; }

    public Task<IReadOnlyList<RefusedRecord>> AppendAsync(string org, IReadOnlyList<ActivityRecord> records, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Appends++;
            Reach(org, cancellation);
            var refused = new List<RefusedRecord>();
            foreach (var record in records)
            {
                if (Refuses(record) is { } reason)
                {
                    refused.Add(new RefusedRecord(record, reason));
                }
                else if (_records.TryAdd((org, record.Id), record))
                {
                    var sum = DailyUsage.For(record);
                    var key = (org, sum.Day, sum.Model, sum.Tier, sum.Key);
                    _sums[key] = _sums.GetValueOrDefault(key, sum).With(record);
                }
            }

            return Task.FromResult<IReadOnlyList<RefusedRecord>>(refused);
        }
    }

    public Task<ActivityPage> QueryAsync(string org, ActivityQuery query, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Reach(org, cancellation);
            var found = _records.Values
                .Where(record => record.Org == org
                    && (query.From is null || record.Time >= query.From) && (query.To is null || record.Time < query.To)
                    && (query.Model is null || record.Model == query.Model) && (query.Tier is null || record.Tier == query.Tier)
                    && (query.Key is null || record.Key == query.Key) && (query.EndUser is null || record.EndUser == query.EndUser) && (query.Status is null || record.Status == query.Status)
                    && (query.After is not { } after || record.Time < after.Time
                        || (record.Time == after.Time && string.CompareOrdinal(record.Id, after.Id) > 0)))
                .OrderByDescending(record => record.Time).ThenBy(record => record.Id, StringComparer.Ordinal)
                .ToList();
            var page = found.Take(query.Limit).ToList();
            return Task.FromResult(new ActivityPage(page, found.Count > page.Count ? ActivityCursor.After(page[^1]).ToString() : null));
        }
    }

    public Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Reach(right.Org, cancellation);
            var key = (right.Org, right.Day, right.Model, right.Tier, right.Key);
            if (_sums.GetValueOrDefault(key) != seen)
            {
                return Task.FromResult(false);
            }

            _sums[key] = right;
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<DailyUsage>> SumsAsync(string org, DateOnly day, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Reach(org, cancellation);
            return Task.FromResult<IReadOnlyList<DailyUsage>>([.. _sums.Values.Where(sum => sum.Org == org && sum.Day == day)]);
        }
    }

    public Task<IReadOnlyList<DailyUsage>> SumsOfMonthAsync(string org, DateOnly month, string? key, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Reach(org, cancellation);
            return Task.FromResult<IReadOnlyList<DailyUsage>>([.. _sums.Values
                .Where(sum => sum.Org == org && (sum.Day.Year, sum.Day.Month) == (month.Year, month.Month) && (key is null || sum.Key == key))]);
        }
    }

    /// <summary>Keeps what is stored at this moment, to put it back later.</summary>
    public Action Snapshot() => MemorySnapshot.Under(
        _lock, () => MemorySnapshot.Of(_records) + MemorySnapshot.Of(_sums));

    private void Reach(string org, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Outage(org))
        {
            throw new IOException("The store is out of reach.");
        }
    }
}
