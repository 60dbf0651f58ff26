using Freeway.Runner.Hosting.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Timers;

/// <summary>
/// One timer function by the real host's rules: a run that was missed while nothing ran is made up for once, at start;
/// runs never overlap; one that outlasts its interval is followed at once by the next; an exception ends only its run.
/// </summary>
internal sealed class TimerFunction(
    string name, bool runOnStartup, TimerCall call, TimerSchedule schedule, TimerStatusFile? file, TimeProvider time,
    Drain drain, ILogger logger) : IDisposable
{
    /// <summary>Longer waits are cut into pieces, for a timer of the system ends at 49 days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private ScheduleStatus _status = new();
    private TimerRun? _latest;

    public string Name => name;

    /// <summary>The next occurrence, or one that is past and whose run has not ended yet.</summary>
    public DateTime Next => _status.Next;

    /// <summary>Gets whether the timer comes round within an hour.</summary>
    public bool IsFrequent { get; } = schedule.Period(time.GetUtcNow().UtcDateTime) < TimeSpan.FromHours(1);

    /// <summary>Fires by the schedule until told to stop; a run that has begun is finished first.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            if (LoadStatus() is { } due)
            {
                HostLog.TimerPastDue(logger, Name, due);
                await FireIfDueAsync(pastDue: true);
            }
            else if (runOnStartup)
            {
                await FireAsync();
            }

            while (true)
            {
                for (var left = _status.Next - Now; left > TimeSpan.Zero; left = _status.Next - Now)
                {
                    await Task.Delay(left < LongestWait ? left : LongestWait, time, stopping);
                }

                stopping.ThrowIfCancellationRequested();
                await FireIfDueAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // told to stop between two runs
        }
    }

    /// <summary>
    /// Runs it apart from its schedule, after a run that is under way. What it throws is thrown here.
    /// </summary>
    public Task RunNowAsync() => InTurnAsync(() => InvokeAsync(NewId(), pastDue: false));

    /// <summary>Runs what is due by now, and ends when that run has, whoever began it.</summary>
    /// <returns>The latest run; null where there was none yet.</returns>
    public async Task<TimerRun?> CatchUpAsync()
    {
        await FireIfDueAsync();
        return _latest;
    }

    public void Dispose() => _turn.Dispose();

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>The occurrence that was missed, or null.</summary>
    private DateTime? LoadStatus()
    {
        var now = Now;
        if (file?.Read() is not { } kept)
        {
            Keep(Fresh(now));
            return null;
        }

        var since = kept.Last == default ? kept.LastUpdated : kept.Last;
        var expected = schedule.After(since);
        if (kept.Next != expected && expected <= now)
        {
            HostLog.ScheduleChanged(logger, Name);
            Keep(Fresh(now));
            return null;
        }

        kept.Next = expected;
        _status = kept;
        return expected < now ? expected : null;
    }

    private ScheduleStatus Fresh(DateTime now) => new() { Next = schedule.After(now), LastUpdated = now };

    private Task FireIfDueAsync(bool pastDue = false) => InTurnAsync(async () =>
    {
        // Another caller's run may have been the one that was due.
        if (_status.Next <= Now)
        {
            await FireAsync(pastDue);
        }
    });

    private Task FireAsync() => InTurnAsync(() => FireAsync(pastDue: false));

    private async Task FireAsync(bool pastDue)
    {
        var (began, due, id) = (Now, _status.Next, NewId());
        string? error = null;
        try
        {
            await InvokeAsync(id, pastDue);
        }
        catch (Exception e)
        {
            error = e.Message;
            HostLog.FunctionFailed(logger, e, Name, id);
        }

        _latest = new TimerRun(Name, due, began, error);
        Keep(new ScheduleStatus { Last = began, Next = schedule.After(began), LastUpdated = began });
    }

    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync(drain.Over);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task InvokeAsync(string id, bool pastDue)
    {
        using var giveUp = drain.Begin();
        await call(id, new TimerInfo { ScheduleStatus = _status, IsPastDue = pastDue }, giveUp.Token);
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    private void Keep(ScheduleStatus status)
    {
        _status = status;
        try
        {
            file?.Write(status);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostLog.TimerStatusLost(logger, e, Name);
        }
    }
}

/// <summary>A scheduled run of a timer function that has ended.</summary>
/// <param name="Due">The earliest occurrence that it made good, in UTC.</param>
/// <param name="At">When it began, in UTC.</param>
/// <param name="Error">What it threw; null where it went well.</param>
internal sealed record TimerRun(string Timer, DateTime Due, DateTime At, string? Error);

/// <summary>Calls the function of a timer, and ends when it has; throws what it throws.</summary>
/// <param name="id">The id of this one call.</param>
/// <param name="cancellation">Fires when the function should give up.</param>
internal delegate Task TimerCall(string id, TimerInfo timer, CancellationToken cancellation);
