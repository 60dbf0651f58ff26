using NCrontab;

namespace Freeway.Runner.Hosting.Timers;

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
}
