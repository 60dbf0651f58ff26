namespace Freeway.Gateway.ActivityLog;

/// <summary>How long records are kept. Sums of closed days stay for ever.</summary>
/// <param name="Months">How many whole calendar months before the current one: 1 to 120.</param>
public sealed record ActivityRetention(int Months = ActivityRetention.Usual)
{
    public const int Usual = 13;
    public const int Least = 1;
    public const int Most = 120;

    /// <summary>The first day whose records are kept.</summary>
    public DateOnly FirstKept(DateOnly today) => today.AddDays(1 - today.Day).AddMonths(-Months);
}
