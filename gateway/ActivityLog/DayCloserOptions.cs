namespace Freeway.Gateway.ActivityLog;

/// <summary>How days are closed.</summary>
public sealed class DayCloserOptions
{
    /// <summary>How many past days each run looks at again, for records that arrived after their day was closed. 1 to 31.</summary>
    public int LookBackDays { get; set; } = 3;

    /// <summary>How many days back a run catches up when the timer was dead. At least <see cref="LookBackDays"/>.</summary>
    public int CatchUpDays { get; set; } = 35;

    /// <summary>How many orgs are closed at once.</summary>
    public int Orgs { get; set; } = 8;

    /// <summary>How often one run tries an org that cannot be closed.</summary>
    public int Tries { get; set; } = 3;

    /// <summary>How long it waits before it tries those again.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(20);
}
