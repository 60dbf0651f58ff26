using Freeway.Gateway.ActivityLog;

namespace Freeway.Tests.Shared;

/// <summary>Roll-ups of refusals in memory. Setting <see cref="Outage"/> takes them out of reach.</summary>
public sealed class MemoryRefusalStore : IRefusalStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Writer, RefusalKey Key), long> _counts = [];

    public bool Outage { get; set; }

    /// <summary>How many saves were tried, those in an outage too.</summary>
    public int Saves { get; private set; }

    /// <summary>How many refusals of a code are counted, of all orgs.</summary>
    public long Total(string code)
    {
        lock (_lock)
        {
            return _counts.Where(pair => pair.Key.Key.Code == code).Sum(pair => pair.Value);
        }
    }

    public Task SaveAsync(string writer, string org, IReadOnlyList<RefusalCount> counts, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Saves++;
            Reach(cancellation);
            foreach (var (key, count) in counts)
            {
                key.Org.ShouldBe(org);
                _counts[(writer, key)] = Math.Max(count, _counts.GetValueOrDefault((writer, key)));
            }

            return Task.CompletedTask;
        }
    }

    public Task<RefusalPage> QueryAsync(string org, RefusalQuery query, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Reach(cancellation);
            var found = _counts
                .Where(pair => pair.Key.Key.Org == org
                    && (query.From is null || pair.Key.Key.Minute >= query.From) && (query.To is null || pair.Key.Key.Minute < query.To)
                    && (query.Model is null || pair.Key.Key.Model == query.Model) && (query.Code is null || pair.Key.Key.Code == query.Code))
                .GroupBy(pair => pair.Key.Key, (key, same) => new RefusalCount(key, same.Sum(pair => pair.Value)))
                .OrderByDescending(count => count.Key.Minute).ThenBy(count => RefusalCursor.ReasonOf(count.Key), StringComparer.Ordinal)
                .Where(count => query.After is not { } after || count.Key.Minute < after.Minute
                    || (count.Key.Minute == after.Minute && string.CompareOrdinal(RefusalCursor.ReasonOf(count.Key), after.Reason) > 0))
                .ToList();
            var page = found.Take(query.Limit).ToList();
            return Task.FromResult(new RefusalPage(page, found.Count > page.Count ? RefusalCursor.After(page[^1].Key).ToString() : null));
        }
    }

    /// <summary>Keeps what is stored at this moment, to put it back later.</summary>
    public Action Snapshot() => MemorySnapshot.Under(_lock, () => MemorySnapshot.Of(_counts));

    private void Reach(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Outage)
        {
            throw new IOException("The store is out of reach.");
        }
    }
}
