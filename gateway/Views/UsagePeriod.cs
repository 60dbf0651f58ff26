namespace Freeway.Gateway.Views;

/// <summary>How long a stretch of time each line of usage sums up.</summary>
public enum UsagePeriod
{
    Day,
    Month,
}
