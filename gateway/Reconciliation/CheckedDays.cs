namespace Freeway.Gateway.Reconciliation;

/// <summary>Which days' records a run looks through: from the first up to today.</summary>
/// <param name="FirstKept">Before it there are no records any more.</param>
internal readonly record struct CheckedDays(DateOnly From, DateOnly Today, DateOnly FirstKept)
{
    /// <summary>The first moment.</summary>
    public DateTimeOffset Start => new(From, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>The last day of which there can be records when the run ends: midnight may pass, and other clocks may be ahead.</summary>
    public DateOnly Last => Today.AddDays(1);

    /// <summary>The first day of a day's month.</summary>
    public static DateOnly First(DateOnly day) => day.AddDays(1 - day.Day);
}
