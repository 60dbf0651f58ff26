using Freeway.Gateway.ActivityLog;

namespace Freeway.Tests.Shared;

/// <summary>Final sums in memory.</summary>
public sealed class MemoryUsageStore : IUsageStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Org, DateOnly Day, string Model, string Tier, string Key), DailyUsage> _sums = [];

    public Task<int> SaveAsync(string org, DateOnly day, IReadOnlyList<DailyUsage> sums, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var changed = 0;
            foreach (var sum in sums)
            {
                var key = (org, day, sum.Model, sum.Tier, sum.Key);
                if (!_sums.TryGetValue(key, out var before) || before.Requests < sum.Requests)
                {
                    _sums[key] = sum;
                    changed++;
                }
            }

            return Task.FromResult(changed);
        }
    }

    public Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var key = (right.Org, right.Day, right.Model, right.Tier, right.Key);
            if (_sums.GetValueOrDefault(key) != seen)
            {
                return Task.FromResult(false);
            }

            _sums[key] = right;
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<DailyUsage>> ListAsync(string org, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DailyUsage>>([.. _sums.Values.Where(sum => sum.Org == org && sum.Day >= from && sum.Day <= to)]);
        }
    }

    /// <summary>Keeps what is stored at this moment, to put it back later.</summary>
    public Action Snapshot() => MemorySnapshot.Under(_lock, () => MemorySnapshot.Of(_sums));
}
