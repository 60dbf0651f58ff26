using System.Collections.Concurrent;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.ActivityLog;

/// <summary>Everything that the closer works on, in memory, with a fault to throw into any step.</summary>
internal sealed class ClosingHouse : IKeyStore, IUsageStore, IResetLog, IQuotaCleanup
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Org, DateOnly Day, string Model, string Tier, string Key), DailyUsage> _usage = [];
    private readonly SortedDictionary<DateOnly, ResetRecord> _resets = [];

    public MemoryActivityStore Activity { get; } = new();

    public List<Org> Orgs { get; } = [];

    public ConcurrentQueue<string> Tidied { get; } = [];

    /// <summary>What follows a closing.</summary>
    public List<IDayClosingStep> Steps { get; } = [];

    /// <summary>Runs before each write, named after what it is about; throws to make the run die there.</summary>
    public Action<string> Step { get; set; } = _ => { };

    public IReadOnlyDictionary<DateOnly, ResetRecord> Resets => _resets;

    public DayCloser Closer(TimeProvider calendar, DayCloserOptions? options = null) => new(
        this, Activity, this, this, this, new DayClock(calendar, TimeProvider.System),
        options ?? new DayCloserOptions { Pause = TimeSpan.Zero }, Steps, NullLogger<DayCloser>.Instance);

    public Task<int> SaveAsync(string org, DateOnly day, IReadOnlyList<DailyUsage> sums, CancellationToken cancellation)
    {
        Step($"save {org} {day:yyyy-MM-dd}");
        lock (_lock)
        {
            var changed = 0;
            foreach (var sum in sums)
            {
                var key = (org, day, sum.Model, sum.Tier, sum.Key);
                if (!_usage.TryGetValue(key, out var before) || before.Requests < sum.Requests)
                {
                    _usage[key] = sum;
                    changed++;
                }
            }

            return Task.FromResult(changed);
        }
    }

    public Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation) => throw new NotSupportedException("Closing corrects nothing.");

    public Task<IReadOnlyList<DailyUsage>> ListAsync(string org, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DailyUsage>>([.. _usage.Values.Where(sum => sum.Org == org && sum.Day >= from && sum.Day <= to)]);
        }
    }

    public Task<ResetRecord> ChangeAsync(DateOnly day, Func<ResetRecord, ResetRecord> change, CancellationToken cancellation)
    {
        Step($"reset {day:yyyy-MM-dd}");
        lock (_lock)
        {
            return Task.FromResult(_resets[day] = change(_resets.GetValueOrDefault(day) ?? new ResetRecord(day)));
        }
    }

    public Task<ResetRecord?> FindAsync(DateOnly day, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult(_resets.GetValueOrDefault(day));
        }
    }

    public Task<IReadOnlyList<ResetRecord>> ListAsync(int limit, DateOnly? before, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<ResetRecord>>([.. _resets.Values.Where(reset => before is null || reset.Day < before).Reverse().Take(limit)]);
        }
    }

    public Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation)
    {
        Step($"tidy {org}");
        Tidied.Enqueue(org);
        return Task.FromResult(2);
    }

    public IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation) => Orgs.ToAsyncEnumerable();

    public Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation) => Task.FromResult<Caller?>(null);

    public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation) => Task.CompletedTask;
}
