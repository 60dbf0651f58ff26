namespace Freeway.Gateway.Core;

/// <summary>
/// A moment by both clocks of this process: the calendar, which may be set, and the running time, which stands still
/// while the machine is suspended.
/// </summary>
/// <param name="Calendar">In UTC.</param>
/// <param name="Running">Since some moment of this process's own.</param>
public readonly record struct Moment(DateTimeOffset Calendar, TimeSpan Running)
{
    public static Moment Now(TimeProvider clock) => new(clock.GetUtcNow(), clock.GetElapsedTime(0));

    /// <summary>
    /// Measures how much later this moment is than another: the longer of the two clocks' spans. A calendar that is set
    /// back makes nothing young again, and neither does a machine that slept.
    /// </summary>
    public TimeSpan Since(Moment earlier)
    {
        var (calendar, running) = (Calendar - earlier.Calendar, Running - earlier.Running);
        return calendar > running ? calendar : running;
    }
}
