using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>One process's way to the activity table, over the network.</summary>
public sealed class SimActivityStore(Network network, SimProcess process, MemoryActivityStore table, Action<string> touched) : IActivityStore
{
    public Task<IReadOnlyList<RefusedRecord>> AppendAsync(string org, IReadOnlyList<ActivityRecord> records, CancellationToken cancellation) =>
        network.WriteTableAsync(process, $"append {string.Join(' ', records.Select(record => record.Id))}", () =>
        {
            records.ToList().ForEach(record => touched(record.Id));
            return table.AppendAsync(org, records, default);
        }, cancellation);

    public Task<ActivityPage> QueryAsync(string org, ActivityQuery query, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"query activity of {org}", () => table.QueryAsync(org, query, default), cancellation);

    public Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation) =>
        network.WriteTableAsync(process, "correct a sum", () => table.TryCorrectAsync(right, seen, default), cancellation);

    public Task<IReadOnlyList<DailyUsage>> SumsAsync(string org, DateOnly day, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"sums of {org}", () => table.SumsAsync(org, day, default), cancellation);

    public Task<IReadOnlyList<DailyUsage>> SumsOfMonthAsync(string org, DateOnly month, string? key, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"month of {org}", () => table.SumsOfMonthAsync(org, month, key, default), cancellation);
}

/// <summary>One process's way to the final sums, over the network.</summary>
public sealed class SimUsageStore(Network network, SimProcess process, MemoryUsageStore table) : IUsageStore
{
    public Task<int> SaveAsync(string org, DateOnly day, IReadOnlyList<DailyUsage> sums, CancellationToken cancellation) =>
        network.WriteTableAsync(process, $"save sums of {org}", () => table.SaveAsync(org, day, sums, default), cancellation);

    public Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation) =>
        network.WriteTableAsync(process, "correct a final sum", () => table.TryCorrectAsync(right, seen, default), cancellation);

    public Task<IReadOnlyList<DailyUsage>> ListAsync(string org, DateOnly from, DateOnly to, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"list sums of {org}", () => table.ListAsync(org, from, to, default), cancellation);
}

/// <summary>One process's way to the roll-ups of refusals, over the network.</summary>
public sealed class SimRefusalStore(Network network, SimProcess process, MemoryRefusalStore table) : IRefusalStore
{
    public Task SaveAsync(string writer, string org, IReadOnlyList<RefusalCount> counts, CancellationToken cancellation) =>
        network.WriteAsync(process, $"save refusals of {org}", () =>
        {
            table.SaveAsync(writer, org, counts, default).GetAwaiter().GetResult();
            return true;
        }).WaitAsync(cancellation);

    public Task<RefusalPage> QueryAsync(string org, RefusalQuery query, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"query refusals of {org}", () => table.QueryAsync(org, query, default), cancellation);
}

/// <summary>When each day was closed, in memory.</summary>
public sealed class ResetTable
{
    public Dictionary<DateOnly, ResetRecord> Days { get; } = [];

    /// <inheritdoc cref="MemoryActivityStore.Snapshot"/>
    public Action Snapshot() => MemorySnapshot.Of(Days);
}

/// <summary>One process's way to the reset log, over the network.</summary>
public sealed class SimResetLog(Network network, SimProcess process, ResetTable table) : IResetLog
{
    public Task<ResetRecord> ChangeAsync(DateOnly day, Func<ResetRecord, ResetRecord> change, CancellationToken cancellation) =>
        network.WriteAsync(process, "change a reset", () => table.Days[day] = change(table.Days.GetValueOrDefault(day) ?? new ResetRecord(day)))
            .WaitAsync(cancellation);

    public Task<ResetRecord?> FindAsync(DateOnly day, CancellationToken cancellation) =>
        CallAsync("find a reset", () => table.Days.GetValueOrDefault(day), cancellation);

    public Task<IReadOnlyList<ResetRecord>> ListAsync(int limit, DateOnly? before, CancellationToken cancellation) =>
        CallAsync("list resets", () => (IReadOnlyList<ResetRecord>)
            [.. table.Days.Values.Where(reset => before is null || reset.Day < before).OrderByDescending(reset => reset.Day).Take(limit)], cancellation);

    private Task<T> CallAsync<T>(string what, Func<T> call, CancellationToken cancellation) =>
        network.ToStorageAsync(process, what, call).WaitAsync(cancellation);
}

/// <summary>One process's way to orgs and keys, over the network.</summary>
public sealed class SimKeyStore(Network network, SimProcess process, IReadOnlyDictionary<KeyHash, Caller> callers) : IKeyStore
{
    public Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation) =>
        network.ToStorageAsync(process, "find a key", () => callers.GetValueOrDefault(hash)).WaitAsync(cancellation);

    public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation) => throw new NotSupportedException();

    public async IAsyncEnumerable<Org> ListOrgsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var orgs = await network.ToStorageAsync(process, "list orgs", () => callers.Values.Select(caller => caller.Org).Distinct().ToList())
            .WaitAsync(cancellation);
        foreach (var org in orgs)
        {
            yield return org;
        }
    }
}
