using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>An activity that is made up while it is read, so that its length costs nothing.</summary>
internal sealed class EndlessActivity(long records) : IActivityStore
{
    private readonly TaskCompletionSource<int> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pages;

    /// <summary>How many pages were read when the reader had gone.</summary>
    public Task<int> Stopped => _stopped.Task;

    public int Pages => _pages;

    public async Task<ActivityPage> QueryAsync(string org, ActivityQuery query, CancellationToken cancellation)
    {
        await Task.Yield();
        cancellation.Register(() => _stopped.TrySetResult(_pages));
        cancellation.ThrowIfCancellationRequested();
        var from = (long)Interlocked.Increment(ref _pages) * query.Limit;
        ActivityRecord[] page = [.. Enumerable.Range(0, (int)Math.Min(query.Limit, records - from + query.Limit))
            .Select(i => ActivitySamples.Record(i, TestGatewayNoon.AddSeconds(-from - i)) with { App = new string('a', 100) })];
        return new ActivityPage(page, from < records ? ActivityCursor.After(page[^1]).ToString() : null);
    }

    public Task<IReadOnlyList<RefusedRecord>> AppendAsync(string org, IReadOnlyList<ActivityRecord> written, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<RefusedRecord>>([]);

    public Task<IReadOnlyList<DailyUsage>> SumsAsync(string org, DateOnly day, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<DailyUsage>>([]);

    public Task<IReadOnlyList<DailyUsage>> SumsOfMonthAsync(string org, DateOnly month, string? key, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<DailyUsage>>([]);

    public Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation) => Task.FromResult(false);

    private static DateTimeOffset TestGatewayNoon => Support.TestGateway.Noon;
}
