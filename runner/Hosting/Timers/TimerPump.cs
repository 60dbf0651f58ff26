using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Runner.Clock;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NCrontab;

namespace Freeway.Runner.Hosting.Timers;

/// <summary>Runs all timer functions; a stop waits for the runs that are under way.</summary>
internal sealed class TimerPump(FunctionAppOptions options, Drain drain, ILoggerFactory loggers)
    : IHostedService, IDisposable
{
    /// <summary>Status is not worth keeping for a timer that comes round sooner than this.</summary>
    private static readonly TimeSpan ShortestMonitored = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<TimerFunction> _timers = [];
    private Task _running = Task.CompletedTask;

    /// <exception cref="FormatException">The schedule is none.</exception>
    /// <exception cref="FunctionBindingException">The schedule names a setting that is missing.</exception>
    public void Add(string name, TimerTrigger trigger, TimerCall call)
    {
        var schedule = new TimerSchedule(SettingNames.Resolve(trigger.Schedule, options.Configuration));
        var file = trigger.UseMonitor && options.DataFolder is { } folder && !IsQuick(schedule)
            ? new TimerStatusFile(Path.Combine(folder, "timers"), name)
            : null;
        var logger = loggers.CreateLogger($"Function.{name}");
        _timers.Add(new TimerFunction(
            name, trigger.RunOnStartup, call, schedule, file, options.TimeProvider, drain, logger));
    }

    public TimerFunction? Find(string name) =>
        _timers.Find(timer => timer.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Gets the time at which each timer comes next, in UTC; empty where timers do not fire by themselves.
    /// </summary>
    public IReadOnlyList<(string Name, DateTime Next)> Upcoming =>
        options.RunTimers ? [.. _timers.OrderBy(timer => timer.Next).Select(timer => (timer.Name, timer.Next))] : [];

    /// <summary>
    /// Moves the clock to a moment and ends when every timer that fell due on the way has run. The clock stops at each
    /// occurrence of a timer that comes less than once an hour; the others run once at every stop.
    /// </summary>
    /// <returns>The runs, in the order in which they were due at each stop.</returns>
    public async Task<IReadOnlyList<TimerRun>> AdvanceAsync(ManualClock clock, DateTimeOffset moment)
    {
        var (runs, timers) = (new List<TimerRun>(), options.RunTimers ? _timers : []);
        for (var now = clock.GetUtcNow(); now < moment; now = clock.GetUtcNow())
        {
            var stop = timers.Where(timer => !timer.IsFrequent && timer.Next > now.UtcDateTime)
                .Select(timer => new DateTimeOffset(timer.Next)).Append(moment).Min();
            // Looked at before the move: after it they may have run already.
            var due = timers.Where(timer => timer.Next <= stop.UtcDateTime).OrderBy(timer => timer.Next).ToList();
            clock.Advance(stop - now);
            foreach (var timer in due)
            {
                runs.AddRange(await timer.CatchUpAsync() is { } run ? [run] : []);
            }
        }

        return runs;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.RunTimers)
        {
            _running = Task.WhenAll(_timers.Select(timer => timer.RunAsync(_stopping.Token)));
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _timers.ForEach(timer => timer.Dispose());
    }

    private bool IsQuick(TimerSchedule schedule) =>
        schedule.Period(options.TimeProvider.GetUtcNow().UtcDateTime) < ShortestMonitored;
}

/// <summary>Describes the trigger of a timer function.</summary>
/// <param name="Schedule">An NCRONTAB expression; <c>%Name%</c> in it stands for a setting.</param>
/// <param name="UseMonitor">Whether its status is kept, for a run that is missed while nothing runs.</param>
internal sealed record TimerTrigger(string Schedule, bool RunOnStartup, bool UseMonitor);

/// <summary>An NCRONTAB expression of six fields (seconds first) or five, in UTC.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule _crontab;

    /// <exception cref="FormatException">The expression is none.</exception>
    public TimerSchedule(string expression)
    {
        var seconds = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        _crontab = CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = seconds })
            ?? throw new FormatException($"'{expression}' is no NCRONTAB expression");
    }

    /// <summary>The first occurrence after this moment.</summary>
    public DateTime After(DateTime moment) => DateTime.SpecifyKind(_crontab.GetNextOccurrence(moment), DateTimeKind.Utc);

    /// <summary>The time between the first two occurrences after this moment.</summary>
    public TimeSpan Period(DateTime moment)
    {
        var first = After(moment);
        return After(first) - first;
    }
}

/// <summary>A timer's status on disk, so that a run missed while nothing ran is made up for.</summary>
internal sealed class TimerStatusFile(string folder, string function)
{
    private readonly string _path = Path.Combine(folder, function + ".json");

    /// <summary>Reads the timer's status; null where there is none, or none that can be read.</summary>
    public ScheduleStatus? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), TimerJson.Default.ScheduleStatus);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Write(ScheduleStatus status)
    {
        Directory.CreateDirectory(folder);
        var next = _path + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(status, TimerJson.Default.ScheduleStatus));
        File.Move(next, _path, overwrite: true);
    }
}

/// <summary>Reads and writes timers' status; generated, so that a start does not wait for reflection.</summary>
[JsonSerializable(typeof(ScheduleStatus))]
internal sealed partial class TimerJson : JsonSerializerContext;
